output "repositories" {
  description = "By service: the ARN, and where images are pushed."
  value       = { for name, repository in aws_ecr_repository.this : name => { arn = repository.arn, url = repository.repository_url } }
}
