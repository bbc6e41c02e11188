output "smtp_host" {
  description = "Where mail-service hands mails over."
  value       = "email-smtp.${var.region}.amazonaws.com"
}

output "smtp_user" {
  description = "The user whose access key the script `credentials` makes."
  value       = aws_iam_user.smtp.name
}

output "records" {
  description = "What the DNS of the domain has to say."
  value       = local.records
}
