//! What the mails say.

use askama::Template;
use protocol::UnixMs;
use protocol::event::{SendInvitation, SendOtp};

use crate::delivery::Mail;

const MS_PER_MINUTE: i64 = 60_000;
const MS_PER_DAY: i64 = 24 * 60 * MS_PER_MINUTE;

#[derive(Template)]
#[template(path = "code.html")]
struct CodeHtml<'a> {
    workspace: &'a str,
    code: &'a str,
    works_for: &'a str,
}

#[derive(Template)]
#[template(path = "code.txt", escape = "none")]
struct CodeText<'a> {
    workspace: &'a str,
    code: &'a str,
    works_for: &'a str,
}

/// The mail with a sign-in code. The code is not in the subject: mail servers log subjects.
pub(crate) fn code_mail(order: &SendOtp, now: UnixMs) -> Mail {
    let works_for = minutes(order.expires_at - now);
    let (workspace, code, works_for) = (order.workspace.as_str(), order.code.as_str(), works_for.as_str());
    Mail {
        id: order.id.clone(),
        to: order.email.clone(),
        subject: format!("Your sign-in code for {workspace}"),
        text: rendered(
            CodeText {
                workspace,
                code,
                works_for,
            }
            .render(),
        ),
        html: rendered(
            CodeHtml {
                workspace,
                code,
                works_for,
            }
            .render(),
        ),
        sent_at: now,
    }
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationHtml<'a> {
    invited_by: &'a str,
    workspace: &'a str,
    link: &'a str,
    code: &'a str,
    works_for: &'a str,
}

#[derive(Template)]
#[template(path = "invitation.txt", escape = "none")]
struct InvitationText<'a> {
    invited_by: &'a str,
    workspace: &'a str,
    link: &'a str,
    code: &'a str,
    works_for: &'a str,
}

/// The mail that asks somebody to join.
pub(crate) fn invitation_mail(order: &SendInvitation, now: UnixMs) -> Mail {
    let works_for = days(order.expires_at - now);
    let (invited_by, workspace) = (order.invited_by.as_str(), order.workspace.as_str());
    let (link, code, works_for) = (order.link.as_str(), order.code.as_str(), works_for.as_str());
    Mail {
        id: order.id.clone(),
        to: order.email.clone(),
        subject: format!("{invited_by} invites you to {workspace}"),
        text: rendered(
            InvitationText {
                invited_by,
                workspace,
                link,
                code,
                works_for,
            }
            .render(),
        ),
        html: rendered(
            InvitationHtml {
                invited_by,
                workspace,
                link,
                code,
                works_for,
            }
            .render(),
        ),
        sent_at: now,
    }
}

/// Our templates only join texts, which cannot fail.
fn rendered(text: askama::Result<String>) -> String {
    text.unwrap_or_else(|fault| unreachable!("a template of joined texts failed: {fault}"))
}

/// How long, in whole minutes; up to a quarter more is promised, so that ten minutes are ten when the mail goes out.
fn minutes(ms: i64) -> String {
    match (ms + MS_PER_MINUTE / 4) / MS_PER_MINUTE {
        ..1 => "less than a minute".to_owned(),
        1 => "1 minute".to_owned(),
        several => format!("{several} minutes"),
    }
}

/// How long, in whole days; up to a quarter more is promised, so that seven days are seven when the mail goes out.
fn days(ms: i64) -> String {
    match (ms + MS_PER_DAY / 4) / MS_PER_DAY {
        ..1 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        several => format!("{several} days"),
    }
}

#[cfg(test)]
mod tests {
    use protocol::Email;

    use super::*;

    fn mail(workspace: &str, lifetime_ms: i64) -> Mail {
        let order = SendOtp {
            id: "otp_1".to_owned(),
            email: Email::parse("ada@example.org").unwrap(),
            code: "042137".to_owned(),
            workspace: workspace.to_owned(),
            expires_at: 1_000 + lifetime_ms,
        };
        code_mail(&order, 1_000)
    }

    #[test]
    fn the_code_stands_on_a_line_of_its_own_and_is_the_only_number_like_it() {
        let mail = mail("Analytical Engines", 600_000);
        assert!(mail.text.lines().any(|line| line.trim() == "042137"), "{}", mail.text);
        assert!(mail.text.contains("10 minutes"), "{}", mail.text);
        assert!(!mail.subject.contains("042137"));
        let words = mail.text.split(|character: char| !character.is_ascii_alphanumeric());
        assert_eq!(
            words
                .filter(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
                .count(),
            1
        );
    }

    #[test]
    fn the_time_that_is_left_is_told_in_minutes() {
        let told = |lifetime_ms| minutes(lifetime_ms);
        assert_eq!(told(599_000), "10 minutes", "a second in the queue is no minute");
        assert_eq!(told(570_000), "9 minutes");
        assert_eq!(told(60_000), "1 minute");
        assert_eq!(told(44_000), "less than a minute");
    }

    #[test]
    fn a_workspace_name_cannot_become_markup() {
        let mail = mail("<script>alert(1)</script>", 90_000);
        assert!(!mail.html.contains("<script>"), "{}", mail.html);
        assert!(mail.html.contains("1 minute"));
    }

    #[test]
    fn the_html_reads_in_light_and_dark_and_loads_nothing() {
        let html = mail("Analytical Engines", 600_000).html;
        assert!(html.contains("prefers-color-scheme: dark") && html.contains("color-scheme"));
        assert!(
            !html.contains("http://") && !html.contains("https://") && !html.contains("<img"),
            "{html}"
        );
    }

    fn invitation(invited_by: &str, lifetime_ms: i64) -> Mail {
        let order = SendInvitation {
            id: "invitation_1".to_owned(),
            email: Email::parse("ada@example.org").unwrap(),
            invited_by: invited_by.to_owned(),
            workspace: "Analytical Engines".to_owned(),
            link: "loquat://join?server=https%3A%2F%2Fchat.example.org&code=abcdefgh".to_owned(),
            code: "abcdefgh".to_owned(),
            expires_at: 1_000 + lifetime_ms,
        };
        invitation_mail(&order, 1_000)
    }

    #[test]
    fn an_invitation_says_who_invites_and_has_link_and_code_on_lines_of_their_own() {
        let mail = invitation("Charles", 7 * MS_PER_DAY - 5_000);
        assert_eq!(mail.subject, "Charles invites you to Analytical Engines");
        for line in [
            "loquat://join?server=https%3A%2F%2Fchat.example.org&code=abcdefgh",
            "abcdefgh",
        ] {
            assert!(mail.text.lines().any(|text| text == line), "{}", mail.text);
        }
        assert!(mail.text.contains("7 days") && mail.html.contains("7 days"));
        let link = "href=\"loquat://join?server=https%3A%2F%2Fchat.example.org&#38;code=abcdefgh\"";
        assert!(mail.html.contains(link), "{}", mail.html);
    }

    #[test]
    fn whoever_invites_cannot_write_markup() {
        let mail = invitation("<img src=x>", MS_PER_DAY);
        assert!(!mail.html.contains("<img"), "{}", mail.html);
        assert!(mail.html.contains("1 day") && !mail.html.contains("http://"));
    }
}
