output "alarm_names" {
  description = "The names of the alarms, by key."
  value       = { for key in keys(var.alarms) : key => "${var.name}-${key}" }
}
