//! `/v1/audit`: who did what. For administrators.

use std::collections::VecDeque;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::IntoResponse;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use protocol::Problem;
use protocol::rest::identity::{AuditEvent, AuditPage, AuditQuery};
use service_kit::ApiError;
use service_kit::extract::{Json, Query};

use super::administrator::Administrator;
use crate::app::App;
use crate::audit::{Filter, Line};

const DEFAULT_PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 200;

/// A page of the audit log, the newest event first.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", security(("access_token" = [])), params(AuditQuery),
    responses(
        (status = 200, body = AuditPage),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, description = "`forbidden`", body = Problem),
    ))]
pub(super) async fn page(
    State(app): State<App>,
    _by: Administrator,
    Query(query): Query<AuditQuery>,
) -> Result<Json<AuditPage>, ApiError> {
    let most = query.limit.unwrap_or(DEFAULT_PAGE).clamp(1, LONGEST_PAGE);
    let (lines, next) = app.audit.page(&filter(query), most).await?;
    let events = lines.into_iter().map(shown).collect();
    Ok(Json(AuditPage { events, next }))
}

/// All events that fit, one JSON object per line, the newest first; `limit` is ignored. The export is an event itself.
#[utoipa::path(get, path = "/v1/audit/export", tag = "audit", security(("access_token" = [])), params(AuditQuery),
    responses(
        (status = 200, description = "One `AuditEvent` per line", content_type = "application/x-ndjson"),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, description = "`forbidden`", body = Problem),
    ))]
pub(super) async fn export(
    State(app): State<App>,
    Administrator(by): Administrator,
    Query(query): Query<AuditQuery>,
) -> Result<impl IntoResponse, ApiError> {
    let filter = filter(query);
    app.audit.begin_export(&by, &filter).await?;
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, written(app, filter)))
}

/// Reads and writes a step at a time, however long the log has become. A store that fails in between cuts the answer
/// off, which the reader sees as an error.
fn written(app: App, filter: Filter) -> Body {
    let steps = VecDeque::from([filter]);
    Body::from_stream(stream::try_unfold((app, steps), async |(app, mut steps)| {
        let Some(filter) = steps.pop_front() else {
            return Ok(None);
        };
        let (lines, rest) = app.audit.export_step(filter).await.inspect_err(|fault| {
            tracing::error!(%fault, "an export of the audit log was cut off");
        })?;
        steps.extend(rest);
        let mut text = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut text, &shown(line))?;
            text.push(b'\n');
        }
        Ok::<_, anyhow::Error>(Some((Bytes::from(text), (app, steps))))
    }))
}

fn filter(query: AuditQuery) -> Filter {
    Filter {
        before: query.before,
        actor: query.actor,
        action: query.action,
        since: query.since,
        until: query.until,
    }
}

fn shown(line: Line) -> AuditEvent {
    AuditEvent {
        seq: line.seq,
        at: line.note.at,
        actor: line.note.actor,
        action: line.note.action,
        target: line.note.target,
        detail: line.note.detail,
        address: line.note.address,
    }
}
