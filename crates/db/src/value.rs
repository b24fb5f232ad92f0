//! What goes in and comes out: text, integers, booleans, bytes, and their absence.

use std::borrow::Cow;
use std::fmt;

use crate::BoxError;

/// A value to bind, or one that a row holds.
///
/// A null has a type, since PostgreSQL wants to know it.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// `text`
    Text(Option<String>),
    /// `bigint`
    Int(Option<i64>),
    /// `boolean`
    Bool(Option<bool>),
    /// `bytea`, for what is large; small ones are text in base64url.
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// Whether it is the null of any type. A null read from SQLite has lost its type.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(
            self,
            Self::Text(None) | Self::Int(None) | Self::Bool(None) | Self::Bytes(None)
        )
    }

    fn kind(&self) -> &'static str {
        match self {
            _ if self.is_null() => "null",
            Self::Text(_) => "text",
            Self::Int(_) => "an integer",
            Self::Bool(_) => "a boolean",
            Self::Bytes(_) => "bytes",
        }
    }
}

/// Says what it is and never its content, which may be a secret.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

/// A type that can be read from a column. An identifier or an enum reads the text and parses it:
///
/// ```
/// struct Color(String);
/// impl db::Column for Color {
///     fn from_value(value: db::Value) -> Result<Self, db::BoxError> {
///         Ok(Self(String::from_value(value)?.parse()?))
///     }
/// }
/// ```
pub trait Column: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// Says why the value is none of this type; the caller adds the name of the column.
    fn from_value(value: Value) -> Result<Self, BoxError>;
}

impl Column for String {
    fn from_value(value: Value) -> Result<Self, BoxError> {
        match value {
            Value::Text(Some(text)) => Ok(text),
            other => Err(format!("expected text, found {}", other.kind()).into()),
        }
    }
}

impl Column for i64 {
    fn from_value(value: Value) -> Result<Self, BoxError> {
        match value {
            Value::Int(Some(number)) => Ok(number),
            other => Err(format!("expected an integer, found {}", other.kind()).into()),
        }
    }
}

impl Column for bool {
    fn from_value(value: Value) -> Result<Self, BoxError> {
        match value {
            // SQLite stores booleans as integers.
            Value::Bool(Some(truth)) => Ok(truth),
            Value::Int(Some(0)) => Ok(false),
            Value::Int(Some(1)) => Ok(true),
            other => Err(format!("expected a boolean, found {}", other.kind()).into()),
        }
    }
}

impl Column for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, BoxError> {
        match value {
            Value::Bytes(Some(bytes)) => Ok(bytes),
            other => Err(format!("expected bytes, found {}", other.kind()).into()),
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn from_value(value: Value) -> Result<Self, BoxError> {
        if value.is_null() {
            Ok(None)
        } else {
            T::from_value(value).map(Some)
        }
    }
}

/// A type that can be bound. From one implementation follow its reference, its option, and
/// `Into<Value>`:
///
/// ```
/// #[derive(Clone)]
/// struct Color(String);
/// impl db::Bind for Color {
///     const NULL: db::Value = db::Value::Text(None);
///     fn into_value(self) -> db::Value {
///         self.0.into()
///     }
/// }
/// # let (color, shade) = (Color("red".into()), None::<Color>);
/// let query = db::sql("insert into paints (color, shade) values ($1, $2)").bind(&color).bind(shade);
/// ```
pub trait Bind {
    /// The null of this type.
    const NULL: Value;

    /// The value to bind.
    fn into_value(self) -> Value;
}

impl<T: Bind> From<T> for Value {
    fn from(value: T) -> Self {
        value.into_value()
    }
}

impl Bind for String {
    const NULL: Value = Value::Text(None);

    fn into_value(self) -> Value {
        Value::Text(Some(self))
    }
}

impl Bind for &str {
    const NULL: Value = Value::Text(None);

    fn into_value(self) -> Value {
        Value::Text(Some(self.to_owned()))
    }
}

impl Bind for Cow<'_, str> {
    const NULL: Value = Value::Text(None);

    fn into_value(self) -> Value {
        Value::Text(Some(self.into_owned()))
    }
}

impl Bind for i64 {
    const NULL: Value = Value::Int(None);

    fn into_value(self) -> Value {
        Value::Int(Some(self))
    }
}

impl Bind for i32 {
    const NULL: Value = Value::Int(None);

    fn into_value(self) -> Value {
        i64::from(self).into_value()
    }
}

impl Bind for u32 {
    const NULL: Value = Value::Int(None);

    fn into_value(self) -> Value {
        i64::from(self).into_value()
    }
}

impl Bind for bool {
    const NULL: Value = Value::Bool(None);

    fn into_value(self) -> Value {
        Value::Bool(Some(self))
    }
}

impl Bind for Vec<u8> {
    const NULL: Value = Value::Bytes(None);

    fn into_value(self) -> Value {
        Value::Bytes(Some(self))
    }
}

impl<T: Bind + Clone> Bind for &T {
    const NULL: Value = T::NULL;

    fn into_value(self) -> Value {
        self.clone().into_value()
    }
}

impl<T: Bind> Bind for Option<T> {
    const NULL: Value = T::NULL;

    fn into_value(self) -> Value {
        self.map_or(T::NULL, T::into_value)
    }
}
