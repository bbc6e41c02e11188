//! The settings of the three services and of the process that holds them.

use clap::{Parser, Subcommand};
use service_kit::settings::ProcessSettings;
use user_service::Deployment;

use crate::demonstration::MOST_PEOPLE;
use crate::migrate;

/// The Loquat server: sign-in, mail and conversations in one process, on the databases that come with it.
#[derive(Debug, Parser)]
#[command(name = "loquat-server", version)]
pub(crate) struct Settings {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// For a developer's machine: any e-mail domain may sign in, the first person becomes the administrator, and
    /// mails are printed here instead of being sent unless `SMTP_URL` is set.
    #[arg(long)]
    pub(crate) dev: bool,

    /// Adds this many demonstration people with a conversation. Only with --dev.
    #[arg(long, env = "DEMONSTRATION_PEOPLE", value_name = "N", requires = "dev", value_parser = clap::value_parser!(u32).range(1..=MOST_PEOPLE as i64))]
    pub(crate) people: Option<u32>,

    #[command(flatten)]
    pub(crate) process: ProcessSettings,

    #[command(flatten)]
    pub(crate) users: user_service::Settings,

    #[command(flatten)]
    pub(crate) mail: mail_service::Settings,

    #[command(flatten)]
    pub(crate) chat: chat_service::settings::Settings,
}

/// What else the program can do.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Command {
    /// Talk to the SMTP server of `SMTP_URL` and say what is wrong, without sending a mail.
    SmtpCheck,
    /// Move everything in `DATA_DIR` to a MongoDB and compare both, so that the three services go on with it. No server
    /// may run on the folder. A run that was interrupted is followed by another one that goes on.
    Migrate(migrate::Target),
}

impl Settings {
    /// How the process was started.
    pub(crate) fn deployment(&self) -> Deployment {
        if self.dev {
            Deployment::Development
        } else {
            Deployment::OneMachine
        }
    }

    /// Everything that is wrong, each as a sentence that names the setting.
    pub(crate) fn faults(&self) -> Vec<String> {
        match &self.command {
            Some(Command::Migrate(target)) => target.faults(),
            Some(Command::SmtpCheck) => self.mail.faults(self.dev),
            None => {
                let mut faults = self.mail.faults(self.dev);
                faults.extend(self.users.faults(self.deployment()));
                faults
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_settings_of_all_services_stand_side_by_side() {
        Settings::command().debug_assert();
    }

    #[test]
    fn outside_development_everything_that_is_missing_is_named_at_once() {
        let faults = Settings::parse_from(["loquat-server"]).faults().join("\n");
        for setting in ["SIGN_IN_DOMAINS", "FIRST_ADMIN", "SMTP_URL"] {
            assert!(faults.contains(setting), "{setting} is not in {faults}");
        }
        assert!(Settings::parse_from(["loquat-server", "--dev"]).faults().is_empty());
    }
}
