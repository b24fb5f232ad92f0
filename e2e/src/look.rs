//! The ways in which a page is looked at.

use serde_json::{Value, json};

/// How a browser shows pages. The default is a desktop screen, light, with scripts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The size of the window.
    pub screen: Screen,
    /// What the person prefers.
    pub scheme: Scheme,
    /// Whether pages may run scripts. Fixed when the browser opens.
    pub scripts: Scripts,
}

/// A size that every page is looked at in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// 360 × 780 pixels.
    Phone,
    /// 1280 × 800 pixels.
    #[default]
    Desktop,
}

/// The color scheme that the person prefers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// Dark ink on light paper.
    #[default]
    Light,
    /// The other way round.
    Dark,
}

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scripts {
    /// As browsers come.
    #[default]
    On,
    /// As some people set them: everything has to work all the same.
    Off,
}

impl Look {
    /// Every combination of screen and scheme, with scripts.
    #[must_use]
    pub fn all() -> [Self; 4] {
        let look = |screen, scheme| Self {
            screen,
            scheme,
            scripts: Scripts::On,
        };
        [
            look(Screen::Phone, Scheme::Light),
            look(Screen::Phone, Scheme::Dark),
            look(Screen::Desktop, Scheme::Light),
            look(Screen::Desktop, Scheme::Dark),
        ]
    }

    /// For the names of files: `360-dark`.
    #[must_use]
    pub fn name(self) -> String {
        let (width, _) = self.screen.size();
        format!("{width}-{}", self.scheme.name())
    }
}

impl Screen {
    /// Width and height in CSS pixels.
    #[must_use]
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Phone => (360, 780),
            Self::Desktop => (1280, 800),
        }
    }

    /// The argument of `Emulation.setDeviceMetricsOverride`.
    pub(crate) fn metrics(self) -> Value {
        let (width, height) = self.size();
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false })
    }
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The argument of `Emulation.setEmulatedMedia`.
    pub(crate) fn media(self) -> Value {
        json!({ "features": [{ "name": "prefers-color-scheme", "value": self.name() }] })
    }
}
