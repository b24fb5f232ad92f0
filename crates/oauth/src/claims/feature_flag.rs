//! Feature flags in tokens: `{"t": type, "v": value}`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeStruct};
use serde_json::Value;

/// The value of a flag, with its type: SDKs refuse a value whose type letter is not the one they were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeatureFlag {
    /// `b`.
    Boolean(bool),
    /// `i`, of 32 bits.
    Integer(i32),
    /// `s`.
    Text(String),
    /// `j`: any JSON. The letter is ours, since none is documented; SDKs hand out the value whatever the letter.
    Json(Value),
}

impl Serialize for FeatureFlag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut flag = serializer.serialize_struct("FeatureFlag", 2)?;
        match self {
            Self::Boolean(value) => {
                flag.serialize_field("t", "b")?;
                flag.serialize_field("v", value)?;
            }
            Self::Integer(value) => {
                flag.serialize_field("t", "i")?;
                flag.serialize_field("v", value)?;
            }
            Self::Text(value) => {
                flag.serialize_field("t", "s")?;
                flag.serialize_field("v", value)?;
            }
            Self::Json(value) => {
                flag.serialize_field("t", "j")?;
                flag.serialize_field("v", value)?;
            }
        }
        flag.end()
    }
}

impl<'de> Deserialize<'de> for FeatureFlag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            t: String,
            v: Value,
        }

        let Written { t, v } = Written::deserialize(deserializer)?;
        let flag = match t.as_str() {
            "b" => v.as_bool().map(Self::Boolean),
            "i" => v
                .as_i64()
                .and_then(|value| i32::try_from(value).ok())
                .map(Self::Integer),
            "s" => v.as_str().map(|value| Self::Text(value.to_owned())),
            "j" => Some(Self::Json(v)),
            _ => None,
        };
        flag.ok_or_else(|| {
            D::Error::custom("a feature flag must have t of b, i, s or j, and v of that type")
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_type_has_its_letter_and_is_read_back() {
        for (flag, written) in [
            (FeatureFlag::Boolean(false), json!({"t": "b", "v": false})),
            (FeatureFlag::Integer(-7), json!({"t": "i", "v": -7})),
            (
                FeatureFlag::Text("pink".to_owned()),
                json!({"t": "s", "v": "pink"}),
            ),
            (
                FeatureFlag::Json(json!({"max": 3})),
                json!({"t": "j", "v": {"max": 3}}),
            ),
        ] {
            assert_eq!(serde_json::to_value(&flag).unwrap(), written);
            assert_eq!(
                serde_json::from_value::<FeatureFlag>(written).unwrap(),
                flag
            );
        }
    }

    #[test]
    fn a_value_of_another_type_than_its_letter_is_refused() {
        for written in [
            json!({"t": "b", "v": 1}),
            json!({"t": "i", "v": 1.5}),
            json!({"t": "x", "v": 1}),
        ] {
            assert!(serde_json::from_value::<FeatureFlag>(written).is_err());
        }
    }
}
