output "name" {
  description = "The service in its cluster."
  value       = aws_ecs_service.this.name
}

output "task_definition_arn" {
  description = "What runs: the revision to go back to."
  value       = aws_ecs_task_definition.this.arn
}

output "roles" {
  description = "The roles of its tasks."
  value       = { execution = aws_iam_role.execution.arn, task = aws_iam_role.task.arn }
}
