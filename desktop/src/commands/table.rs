//! How a table of commands is written: a name, its arguments as the interface names them, and what is done.

use client::view::Failure;
use door::Answer;
use serde::Serialize;
use serde_json::value::to_raw_value;

/// Turns rows of `name(argument: Type, …) => what` into a function from a call to its answer.
///
/// A table `for client` calls the client in every row. A table `for desk` may use all of the resident app, also while
/// the client cannot be opened.
macro_rules! commands {
    (for client: $($name:ident($($argument:ident: $type:ty),*) => $client:ident.$what:ident($($given:expr),*);)+) => {
        commands! { for desk: $($name($($argument: $type),*) => |desk| {
            let $client = desk.client().await?;
            $client.$what($($given),*).await
        };)+ }
    };
    (for desk: $($name:ident($($argument:ident: $type:ty),*) => |$desk:ident| $what:expr;)+) => {
        /// What became of the call; none when no row has this name.
        pub(super) async fn call(desk: &crate::desk::Desk, command: &str, arguments: &str) -> Option<door::Answer> {
            let answer = match command {
                $(stringify!($name) => {
                    #[derive(serde::Deserialize)]
                    #[serde(rename_all = "camelCase")]
                    struct Arguments { $($argument: $type),* }
                    match serde_json::from_str(arguments) {
                        Ok(Arguments { $($argument),* }) => {
                            let $desk = desk;
                            Box::pin(crate::commands::table::answer(async move { $what })).await
                        }
                        Err(error) => door::Answer::Wrong(format!("{command}: {error}")),
                    }
                })+
                _ => return None,
            };
            Some(answer)
        }
    };
}
pub(super) use commands;

/// Does it, and writes what came of it as the interface reads it.
pub(super) async fn answer<T: Serialize>(work: impl Future<Output = Result<T, Failure>>) -> Answer {
    let (written, as_answer) = match work.await {
        Ok(value) => (to_raw_value(&value), Answer::Done as fn(_) -> _),
        Err(failure) => (to_raw_value(&failure), Answer::Failed as fn(_) -> _),
    };
    match written {
        Ok(json) => as_answer(json),
        Err(error) => Answer::Wrong(format!("the answer cannot be written: {error}")),
    }
}
