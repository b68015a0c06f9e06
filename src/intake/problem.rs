//! Why a request is turned away, as problem+json (RFC 9457). Titles are fixed words: nothing of the request is quoted.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::wire::api;

/// Seconds that a caller waits after a 503 at least.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("30");

/// A request is turned away.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turned {
    status: StatusCode,
    name: &'static str,
    title: &'static str,
}

impl Turned {
    /// `name` becomes `urn:heard:…`, `title` is one line for people.
    pub(crate) const fn new(status: StatusCode, name: &'static str, title: &'static str) -> Self {
        Self { status, name, title }
    }

    /// The same for everybody who is not staff, whatever was wrong.
    pub(crate) const NOT_KNOWN: Self = Self::new(
        StatusCode::UNAUTHORIZED,
        "not-known",
        "this request is not signed by anybody who is known here",
    );
    /// Not what `wire/api.rs` describes.
    pub(crate) const MALFORMED: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "malformed",
        "the request is not as the interface describes it",
    );
    /// Nothing was committed.
    pub(crate) const LATER: Self = Self::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "later",
        "nothing can be committed just now: try again later",
    );
}

impl IntoResponse for Turned {
    fn into_response(self) -> Response {
        let problem = api::Problem {
            kind: format!("urn:heard:{}", self.name),
            title: self.title.into(),
            status: self.status.as_u16(),
        };
        let text = serde_json::to_string(&problem).unwrap_or_default();
        let mut response = (self.status, [(header::CONTENT_TYPE, api::PROBLEM)], text).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }
}
