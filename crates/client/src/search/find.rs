//! One search, from what was typed to what is shown.

use protocol::UnixMs;

use super::days::Today;
use super::{Parsed, SearchHit, SearchOrder, SearchPage, SearchProblem, SearchRequest, Term, parse, plan, shown};
use crate::store::{Reading, StoreError, found, index};
use crate::views::Viewer;

/// Hits of one page.
const MOST_HITS: u32 = 100;

/// Finds messages among those that are held.
pub(crate) fn find(disk: &Reading, request: &SearchRequest, now: UnixMs) -> Result<SearchPage, StoreError> {
    let mut page = SearchPage {
        hits: Vec::new(),
        next: None,
        problems: Vec::new(),
        complete: index::is_complete(disk)?,
    };
    let parsed = match parse(&request.text) {
        Ok(parsed) => parsed,
        Err(problem) => return Ok(with_problems(page, vec![problem])),
    };
    if parsed.is_empty() {
        return Ok(page);
    }
    let today = Today {
        now,
        utc_offset_minutes: request.utc_offset_minutes,
    };
    match plan::plan(disk, &parsed, request.within.as_ref(), today)? {
        Ok(plan) => fill(disk, request, (&plan, &parsed), &mut page)?,
        Err(problems) => page = with_problems(page, problems),
    }
    Ok(page)
}

fn with_problems(page: SearchPage, problems: Vec<SearchProblem>) -> SearchPage {
    SearchPage { problems, ..page }
}

/// Takes rows of the index until the page is full or there are no more. Rows whose message is gone are left out.
fn fill(
    disk: &Reading,
    request: &SearchRequest,
    (plan, parsed): (&plan::Plan, &Parsed),
    page: &mut SearchPage,
) -> Result<(), StoreError> {
    let viewer = Viewer::new(disk)?;
    let limit = request.limit.clamp(1, MOST_HITS);
    let mut after = request.after;
    loop {
        let rows = match request.order {
            SearchOrder::Newest => found::newest(disk, plan, after, limit)?,
            SearchOrder::Relevance => found::best(disk, plan, after.unwrap_or(0), limit)?,
        };
        let is_last = rows.len() < limit as usize;
        for (at, row) in rows.iter().enumerate() {
            after = match request.order {
                SearchOrder::Newest => u64::try_from(row.id).ok(),
                SearchOrder::Relevance => Some(after.unwrap_or(0) + 1),
            };
            page.hits.extend(hit(&viewer, row, &parsed.wanted)?);
            if page.hits.len() >= limit as usize {
                let is_end = is_last && at + 1 == rows.len();
                page.next = after.filter(|_| !is_end);
                return Ok(());
            }
        }
        if is_last {
            return Ok(());
        }
    }
}

/// The message as it is now; none when it is gone, or this person has just deleted it.
fn hit(viewer: &Viewer<'_>, row: &found::Found, wanted: &[Term]) -> Result<Option<SearchHit>, StoreError> {
    let message = viewer.message_at(&row.conversation, row.seq)?;
    Ok(message.filter(|message| message.deleted_by.is_none()).map(|message| {
        let places = shown::places(&message.body, wanted);
        let (snippet, snippet_highlights) = shown::snippet(&message.body, &places);
        SearchHit {
            conversation: message.conversation.clone(),
            highlights: shown::in_utf16(&message.body, &places),
            message,
            snippet,
            snippet_highlights,
        }
    }))
}

#[cfg(test)]
mod tests;
