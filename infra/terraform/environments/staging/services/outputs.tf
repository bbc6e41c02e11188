output "task_definitions" {
  description = "What runs, by service: the revisions to go back to."
  value       = module.services.task_definitions
}
