//! Enums that are kept as text.

/// Keeps an enum in a text column: it has all its values in `ALL`, and the name of each by `as_str(self) -> &'static str`. What it is,
/// is said of a text that is none of them.
///
/// ```
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// enum State {
///     Open,
///     Done,
/// }
///
/// impl State {
///     const ALL: [Self; 2] = [Self::Open, Self::Done];
///
///     const fn as_str(self) -> &'static str {
///         match self {
///             Self::Open => "open",
///             Self::Done => "done",
///         }
///     }
/// }
///
/// db::stored_by_name!(State, "state of a task");
///
/// use db::Column as _;
/// assert_eq!(State::from_value("done".into()).unwrap(), State::Done);
/// assert_eq!(State::from_value("gone".into()).unwrap_err().to_string(), "gone is no state of a task");
/// ```
#[macro_export]
macro_rules! stored_by_name {
    ($type:ty, $what:literal) => {
        impl $crate::Bind for $type {
            const NULL: $crate::Value = $crate::Value::Text(None);

            fn into_value(self) -> $crate::Value {
                self.as_str().into()
            }
        }

        impl $crate::Column for $type {
            fn from_value(value: $crate::Value) -> Result<Self, $crate::BoxError> {
                let text = <String as $crate::Column>::from_value(value)?;
                let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
                found.ok_or_else(|| format!(concat!("{} is no ", $what), text).into())
            }
        }
    };
}
