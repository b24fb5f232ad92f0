//! Where settings come from beside flags: the file and the environment.

use std::path::{Path, PathBuf};

use super::{ConfigError, SETTINGS, Values};

pub(super) fn read_file(path: &Path) -> Result<Values, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::File {
        path: path.to_path_buf(),
        source,
    })?;
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| ConfigError::Toml {
            path: path.to_path_buf(),
            message: error.to_string().trim().to_owned(),
        })?;
    table
        .into_iter()
        .map(|(name, value)| {
            known(&name, &path.display().to_string())?;
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Array(items) => items
                    .iter()
                    .map(|item| {
                        item.as_str()
                            .map_or_else(|| item.to_string(), str::to_owned)
                    })
                    .collect::<Vec<_>>()
                    .join(","),
                other => other.to_string(),
            };
            Ok((name, text))
        })
        .collect()
}

/// `KITH_DATABASE_URL`, or `KITH_DATABASE_URL_FILE` for the path of a file that holds it. `KITH_TEST_…` belongs to tests.
pub(super) fn read_environment(environment: &Values) -> Result<Values, ConfigError> {
    let mut values = Values::new();
    for (variable, value) in environment {
        let Some(name) = variable
            .strip_prefix("KITH_")
            .filter(|name| !name.starts_with("TEST_"))
        else {
            continue;
        };
        let name = name.to_lowercase();
        if let Some(name) = name
            .strip_suffix("_file")
            .filter(|name| SETTINGS.iter().any(|setting| setting.name == *name))
        {
            let path = PathBuf::from(value);
            let text = std::fs::read_to_string(&path)
                .map_err(|source| ConfigError::File { path, source })?;
            values
                .entry(name.to_owned())
                .or_insert_with(|| text.trim().to_owned());
        } else {
            known(&name, &format!("the environment variable {variable}"))?;
            values.insert(name, value.clone());
        }
    }
    Ok(values)
}

fn known(name: &str, origin: &str) -> Result<(), ConfigError> {
    if SETTINGS.iter().any(|setting| setting.name == name) {
        return Ok(());
    }
    let suggestion = SETTINGS
        .iter()
        .map(|setting| (distance(setting.name, name), setting.name))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    Err(ConfigError::Unknown {
        name: name.to_owned(),
        origin: origin.to_owned(),
        suggestion: suggestion.map(|(_, name)| name.to_owned()),
    })
}

/// Levenshtein's distance, for "did you mean".
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.bytes().enumerate() {
            let substituted = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
