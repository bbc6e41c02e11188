//! Awaiting a condition with a deadline, which is what a test does instead of sleeping.

use std::time::Duration;

use tokio::time::Instant;

/// How long a test waits when nothing speaks for another time: far above what a healthy machine needs.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Pause between two looks at a condition that cannot be subscribed to.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(5);

/// The condition did not come true in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("waited {} ms for {what}", waited.as_millis())]
pub struct TimedOut {
    pub what: String,
    pub waited: Duration,
}

/// Looks until `look` gives a value; `what` names the condition in the error.
pub async fn until<T, Look>(what: &str, deadline: Duration, mut look: impl FnMut() -> Look) -> Result<T, TimedOut>
where
    Look: Future<Output = Option<T>>,
{
    let end = Instant::now() + deadline;
    loop {
        let found = tokio::time::timeout_at(end, look()).await;
        match found {
            Ok(Some(value)) => return Ok(value),
            Ok(None) if Instant::now() < end => tokio::time::sleep(LOOK_AGAIN_AFTER).await,
            _ => {
                return Err(TimedOut {
                    what: what.to_owned(),
                    waited: deadline,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_condition_that_comes_true_gives_its_value() {
        let mut looks = 0;
        let value = until("the third look", PATIENCE, || {
            looks += 1;
            std::future::ready((looks == 3).then_some(looks))
        });
        assert_eq!(value.await, Ok(3));
    }

    #[tokio::test]
    async fn a_condition_that_hangs_is_given_up_at_the_deadline() {
        let hangs = until(
            "what never comes",
            Duration::from_millis(20),
            std::future::pending::<Option<()>>,
        )
        .await;
        assert_eq!(hangs.unwrap_err().to_string(), "waited 20 ms for what never comes");
    }
}
