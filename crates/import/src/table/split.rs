//! Where cells and rows end, found in one pass over bytes that arrive piece by piece.

/// A cell's place in its row, quotes around it excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether doubled quotes inside stand for single ones.
    pub(crate) has_escapes: bool,
}

/// Finds the cells of one row after another. Positions count from the start of the row.
pub(crate) struct Splitter {
    delimiter: u8,
    cells: Vec<Cell>,
    state: State,
    at: usize,
    cell_start: usize,
    has_escapes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At a cell's first byte.
    Start,
    /// In a cell without quotes around it.
    Plain,
    /// In a cell with quotes around it.
    Quoted,
    /// After a quote that either closes the cell or is the first of a doubled one.
    Closing,
}

/// How far a row has come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The row needs `length` bytes, and `consumed` with its line break.
    Row { length: usize, consumed: usize },
    /// The row goes on beyond the bytes given.
    More { is_quoted: bool },
    /// Something other than a delimiter follows a closing quote.
    TextAfterQuote,
    /// The file ends inside quotes.
    OpenQuote,
}

impl Splitter {
    pub(crate) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            cells: Vec::new(),
            state: State::Start,
            at: 0,
            cell_start: 0,
            has_escapes: false,
        }
    }

    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The cells found so far.
    pub(crate) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// How many bytes of the row were looked at.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Begins a new row.
    pub(crate) fn restart(&mut self) {
        self.cells.clear();
        self.state = State::Start;
        self.at = 0;
    }

    /// Goes on through `row`, which holds the bytes given before and perhaps more; `ended` if there will be no others.
    pub(crate) fn step(&mut self, row: &[u8], ended: bool) -> Step {
        while let Some(&byte) = row.get(self.at) {
            match self.state {
                State::Start => self.begin_cell(byte),
                State::Quoted => match row[self.at..].iter().position(|&b| b == b'"') {
                    Some(distance) => {
                        self.at += distance + 1;
                        self.state = State::Closing;
                    }
                    None => self.at = row.len(),
                },
                State::Closing if byte == b'"' => {
                    self.has_escapes = true;
                    self.at += 1;
                    self.state = State::Quoted;
                }
                State::Closing if !self.is_end(byte) => return Step::TextAfterQuote,
                State::Plain if !self.is_end(byte) => {
                    let rest = &row[self.at..];
                    let distance = rest.iter().position(|&b| self.is_end(b));
                    self.at += distance.unwrap_or(rest.len());
                }
                State::Plain | State::Closing if byte == self.delimiter => {
                    self.end_cell();
                    self.at += 1;
                    self.state = State::Start;
                }
                State::Plain | State::Closing => {
                    // A carriage return may be half of a line break.
                    let is_half = byte == b'\r' && row.get(self.at + 1) == Some(&b'\n');
                    if byte == b'\r' && self.at + 1 == row.len() && !ended {
                        return Step::More { is_quoted: false };
                    }
                    return self.end_row(if is_half { 2 } else { 1 });
                }
            }
        }
        if !ended {
            return Step::More {
                is_quoted: self.state == State::Quoted,
            };
        }
        match self.state {
            State::Quoted => Step::OpenQuote,
            State::Start => {
                self.begin_cell(0);
                self.end_row(0)
            }
            State::Plain | State::Closing => self.end_row(0),
        }
    }

    fn is_end(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }

    fn begin_cell(&mut self, first: u8) {
        self.has_escapes = false;
        if first == b'"' {
            self.at += 1;
            self.state = State::Quoted;
        } else {
            self.state = State::Plain;
        }
        self.cell_start = self.at;
    }

    fn end_cell(&mut self) {
        let end = match self.state {
            State::Closing => self.at - 1,
            _ => self.at,
        };
        self.cells.push(Cell {
            start: self.cell_start,
            end,
            has_escapes: self.has_escapes,
        });
    }

    fn end_row(&mut self, line_break: usize) -> Step {
        self.end_cell();
        Step::Row {
            length: self.at,
            consumed: self.at + line_break,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Result<Vec<&str>, Step> {
        let mut splitter = Splitter::new(b',');
        match splitter.step(text.as_bytes(), true) {
            Step::Row { .. } => Ok(splitter
                .cells()
                .iter()
                .map(|cell| &text[cell.start..cell.end])
                .collect()),
            step => Err(step),
        }
    }

    #[test]
    fn cells_end_at_delimiters_and_rows_at_line_breaks() {
        assert_eq!(cells("a,,b").unwrap(), ["a", "", "b"]);
        assert_eq!(cells("a,b,\nc").unwrap(), ["a", "b", ""]);
        assert_eq!(cells("a,b\r\nc").unwrap(), ["a", "b"]);
        assert_eq!(cells("a,b\rc").unwrap(), ["a", "b"]);
        assert_eq!(cells("\n").unwrap(), [""]);
        assert_eq!(cells(",").unwrap(), ["", ""]);
    }

    #[test]
    fn quotes_hold_delimiters_and_line_breaks() {
        assert_eq!(cells("\"a,b\",\"c\nd\"\n").unwrap(), ["a,b", "c\nd"]);
        assert_eq!(cells("\"\",x").unwrap(), ["", "x"]);
        assert_eq!(cells("\"say \"\"hi\"\"\"").unwrap(), ["say \"\"hi\"\""]);
        assert_eq!(cells("Bob \"B\" Voss,x").unwrap(), ["Bob \"B\" Voss", "x"]);
    }

    #[test]
    fn unbalanced_quotes_are_told_apart() {
        assert_eq!(cells("a,\"b,c\n"), Err(Step::OpenQuote));
        assert_eq!(cells("a,\"b\"c,d\n"), Err(Step::TextAfterQuote));
    }

    proptest! {
        #[test]
        fn the_size_of_the_pieces_makes_no_difference(text in "[a,\"\r\n]{0,40}", size in 1_usize..5) {
            let whole = text.as_bytes();
            let mut at_once = Splitter::new(b',');
            let expected = at_once.step(whole, true);
            let mut piecewise = Splitter::new(b',');
            let mut given = 0;
            let step = loop {
                given = (given + size).min(whole.len());
                match piecewise.step(&whole[..given], given == whole.len()) {
                    Step::More { .. } => {}
                    step => break step,
                }
            };
            prop_assert_eq!(step, expected);
            prop_assert_eq!(piecewise.cells(), at_once.cells());
        }
    }
}
