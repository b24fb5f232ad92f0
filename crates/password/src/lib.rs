//! stub
#[derive(Clone)]
pub struct Hash;
impl Hash {
    pub fn verify_in(&self, _: &str, _: &mut Workspace) -> bool {
        false
    }
}
#[derive(Clone, Copy, Default)]
pub enum Native {
    #[default]
    A,
    Bcrypt {
        cost: u32,
    },
}
impl Native {
    pub fn hash(&self, _: &str, _: &[u8; 16], _: &mut Workspace) -> Hash {
        Hash
    }
}
#[derive(Default)]
pub struct Workspace;
pub mod common {
    pub struct CommonPasswords;
    impl CommonPasswords {
        pub fn embedded() -> Self {
            Self
        }
    }
}
