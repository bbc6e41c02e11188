output "task_definitions" {
  description = "What runs, by service: the revisions to go back to."
  value       = { for name, service in module.service : name => service.task_definition_arn }
}
