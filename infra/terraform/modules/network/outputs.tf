output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "subnets" {
  description = "The ids of the subnets by layer."
  value = {
    public  = [for subnet in aws_subnet.public : subnet.id]
    private = [for subnet in aws_subnet.private : subnet.id]
    data    = [for subnet in aws_subnet.data : subnet.id]
  }
}

output "public_cidrs" {
  description = "Where the load balancer calls from."
  value       = [for subnet in aws_subnet.public : subnet.cidr_block]
}

output "load_balancer_group" {
  description = "The security group of the load balancer."
  value       = aws_security_group.load_balancer.id
}

output "task_groups" {
  description = "The security groups of the services and of an operator, by name."
  value       = { for name, group in aws_security_group.task : name => group.id }
}

output "ports" {
  description = "Where the services listen."
  value       = { service = local.service_port, ops = local.ops_port }
}
