//! What a reference code opens: the code itself, the stages a case goes through in the reporter's words, and what can be added.
//!
//! Nothing here derives keys (that is `seal`) or knows a screen.

mod addition;
mod reference_code;
mod stage;

pub use addition::AdditionKind;
pub use reference_code::{ReferenceCode, ReferenceCodeError};
pub use stage::Stage;
