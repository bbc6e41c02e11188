output "for_services" {
  description = "Written into the file of values of the services."
  value       = module.foundation.for_services
}

output "for_credentials" {
  description = "What the script `credentials` has to know: places, never values."
  value       = module.foundation.for_credentials
}

output "url" {
  description = "What people enter in the app."
  value       = module.foundation.url
}

output "load_balancer_dns_name" {
  description = "Where the domain has to point when its DNS is not in Route 53."
  value       = module.foundation.load_balancer_dns_name
}

output "mail_records" {
  description = "What the DNS of the mail domain has to say when it is not in Route 53."
  value       = module.foundation.mail_records
}

output "repositories" {
  description = "Where images are pushed."
  value       = module.foundation.repositories
}

output "broker_first_password" {
  description = "What the broker takes until the script `credentials` has made a user of its own."
  value       = module.foundation.broker_first_password
  sensitive   = true
}
