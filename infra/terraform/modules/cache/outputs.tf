output "endpoint" {
  description = "Where the services find it."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "replication_group_id" {
  description = "Its name."
  value       = aws_elasticache_replication_group.this.replication_group_id
}

output "user_id" {
  description = "The user whose password the script `credentials` changes."
  value       = aws_elasticache_user.services.user_id
}
