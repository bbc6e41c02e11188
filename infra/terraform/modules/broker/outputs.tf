output "endpoint" {
  description = "Where the services find it, with scheme and port."
  value       = aws_mq_broker.this.instances[0].endpoints[0]
}

output "id" {
  description = "The broker."
  value       = aws_mq_broker.this.id
}

output "name" {
  description = "Its name in the metrics of CloudWatch."
  value       = aws_mq_broker.this.broker_name
}

output "console_url" {
  description = "Its management, for an operator inside the network."
  value       = aws_mq_broker.this.instances[0].console_url
}

output "broker_first_password" {
  description = "What the broker takes until the script `credentials` has made a user of its own."
  value       = sha256(aws_kms_ciphertext.first_password.ciphertext_blob)
  sensitive   = true
}
