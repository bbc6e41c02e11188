output "endpoint" {
  description = "Where the services find it."
  value       = aws_docdb_cluster.this.endpoint
}

output "arn" {
  description = "The cluster."
  value       = aws_docdb_cluster.this.arn
}

output "identifier" {
  description = "Its name."
  value       = aws_docdb_cluster.this.cluster_identifier
}
