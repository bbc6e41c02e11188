//! All the interface may ask for: one command per method of the client, and what belongs to this device.
//!
//! A command reads its arguments, asks and answers. Anything more belongs elsewhere.

mod administration;
mod app;
mod conversations;
mod device;
mod live;
mod messages;
mod network;
mod new_file;
mod people;
mod session;
mod support;
mod table;
#[cfg(test)]
mod tests;
mod updates;

use door::Answer;

use crate::desk::Desk;

/// Does what the interface asks and answers it. `arguments` is a JSON object.
pub(crate) async fn call(desk: &Desk, command: &str, arguments: &str) -> Answer {
    // Each table has its own names; the first that knows the command answers.
    macro_rules! first_of {
        ($($table:ident),+) => {
            $(if let Some(answer) = $table::call(desk, command, arguments).await {
                return answer;
            })+
        };
    }
    first_of!(
        conversations,
        messages,
        live,
        session,
        people,
        device,
        network,
        support,
        app,
        administration,
        updates
    );
    Answer::Wrong(format!("there is no command {command}"))
}
