//! An import at work.

use serde::Serialize;

use super::{CohortTable, Counts, RunHead, RunState};
use crate::pages::Page;

/// How far an import is. Also sent alone, as the data of the event `progress`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Whether nothing is written.
    pub is_dry_run: bool,
    /// Rows that are through.
    pub done: u64,
    /// All rows, when that is known.
    pub total: Option<u64>,
    /// Bytes of the files that were read.
    pub bytes_read: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Rows a second; 0 until it is known.
    pub per_second: u64,
    /// How long it still takes, when that is known.
    pub seconds_left: Option<u64>,
    /// What became of the rows.
    pub counts: Counts,
    /// The rate over time, once there is one.
    pub chart: Option<Chart>,
    /// Passwords by how they are hashed, as far as they have come.
    pub cohorts: CohortTable,
}

/// A line over an area, drawn by the server in a box of 600 by 60.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// The points of the line: `0,60 100,20`.
    pub line: String,
    /// The highest rate that is drawn, rows a second.
    pub peak: u64,
    /// How long a time is drawn, in seconds.
    pub seconds: u64,
}

/// An import, or its dry run, at work.
#[derive(Debug, Clone, Serialize)]
pub struct Running {
    /// Its head.
    pub head: RunHead,
    /// Server-sent events: `progress` with the HTML of [`Progress`], then `done`, upon which the page is loaded again.
    pub events_url: String,
    /// Posts: stops it, in a way that can be resumed; `None` when it can't be stopped.
    pub stop_action: Option<String>,
    /// How far it is.
    #[serde(flatten)]
    pub progress: Progress,
}

impl Page for Progress {
    const TEMPLATE: &'static str = "admin/imports/progress.html";

    fn sample() -> Self {
        Self {
            is_dry_run: false,
            done: 2_480,
            total: Some(4_120),
            bytes_read: 3_200_000,
            bytes: 5_400_000,
            per_second: 8_120,
            seconds_left: Some(12),
            counts: Counts {
                created: 2_400,
                updated: 65,
                unchanged: 3,
                refused: 12,
            },
            chart: Some(Chart {
                line: "0,60 75,30 150,18 225,21 300,10 375,14 450,12 525,3 600,8".to_owned(),
                peak: 9_300,
                seconds: 8,
            }),
            cohorts: CohortTable::sample(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let unknown = Self {
            is_dry_run: true,
            total: None,
            cohorts: CohortTable::dry_sample(),
            ..Self::sample()
        };
        let starting = Self {
            done: 0,
            total: None,
            bytes_read: 0,
            per_second: 0,
            seconds_left: None,
            counts: Counts::default(),
            chart: None,
            cohorts: CohortTable::default(),
            ..Self::sample()
        };
        let long = Self {
            seconds_left: Some(200),
            ..Self::sample()
        };
        let longer = Self {
            seconds_left: Some(9_000),
            ..Self::sample()
        };
        vec![
            ("long", long),
            ("longer", longer),
            ("unknown", unknown),
            ("starting", starting),
        ]
    }
}

impl Page for Running {
    const TEMPLATE: &'static str = "admin/imports/running.html";

    fn sample() -> Self {
        Self {
            head: RunHead::sample(RunState::Running, ""),
            events_url: "/admin/users/imports/imp_0193/events".to_owned(),
            stop_action: Some("/admin/users/imports/imp_0193/stop".to_owned()),
            progress: Progress::sample(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let dry = Self {
            head: RunHead::sample(RunState::Checking, ""),
            stop_action: None,
            progress: Progress {
                is_dry_run: true,
                total: None,
                cohorts: CohortTable::dry_sample(),
                ..Progress::sample()
            },
            ..Self::sample()
        };
        vec![("dry", dry)]
    }
}
