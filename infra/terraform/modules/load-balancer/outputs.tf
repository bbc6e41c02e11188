output "arn" {
  description = "The load balancer."
  value       = aws_lb.this.arn
}

output "arn_suffix" {
  description = "Its name in the metrics of CloudWatch."
  value       = aws_lb.this.arn_suffix
}

output "dns_name" {
  description = "Where the domain has to point when its DNS is not in Route 53."
  value       = aws_lb.this.dns_name
}

output "target_groups" {
  description = "Where tasks are announced, by service: ARN, and name in the metrics of CloudWatch."
  value = {
    for name, group in aws_lb_target_group.service : name => { arn = group.arn, arn_suffix = group.arn_suffix }
  }
}

output "idle_timeout_s" {
  description = "Seconds of silence after which it closes a connection; the services must be more patient."
  value       = var.idle_timeout_s
}
