output "name" {
  description = "The cluster."
  value       = aws_ecs_cluster.this.name
}

output "arn" {
  description = "The cluster."
  value       = aws_ecs_cluster.this.arn
}

output "registry_arn" {
  description = "Where tasks of user-service are announced to the other services."
  value       = aws_service_discovery_service.user_service.arn
}

output "user_service_url" {
  description = "Where the other services find user-service."
  value       = "http://user-service.${aws_service_discovery_private_dns_namespace.this.name}:8080"
}
