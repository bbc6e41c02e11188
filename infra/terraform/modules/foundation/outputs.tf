output "for_services" {
  description = "What the services have to know. `terraform output -json for_services` writes it into a file of values."
  value = {
    foundation = {
      name              = local.name
      region            = var.region
      account_id        = var.account_id
      production        = var.environment == "production"
      url               = "https://${var.domain}"
      own_documents     = local.own_documents
      private_subnets   = module.network.subnets.private
      trusted_proxies   = module.network.public_cidrs
      task_groups       = module.network.task_groups
      ports             = module.network.ports
      cluster_arn       = module.cluster.arn
      cluster_name      = module.cluster.name
      registry_arn      = module.cluster.registry_arn
      user_service_url  = module.cluster.user_service_url
      target_groups     = module.load_balancer.target_groups
      load_balancer     = module.load_balancer.arn_suffix
      idle_timeout_s    = module.load_balancer.idle_timeout_s
      broker_name       = module.broker.name
      repositories      = module.registry.repositories
      secrets           = module.secrets.arns
      secrets_key_arn   = aws_kms_key.this["secrets"].arn
      logs_key_arn      = aws_kms_key.this["logs"].arn
      deployment_alarms = [for key in ["server-errors", "unanswered"] : module.observability.alarm_names[key]]
    }
  }
}

output "for_credentials" {
  description = "What the script `credentials` has to know: places, never values."
  value = {
    region    = var.region
    cluster   = module.cluster.name
    documents = one([for documents in module.documents : { identifier = documents.identifier, endpoint = documents.endpoint }])
    cache     = { endpoint = module.cache.endpoint, user_id = module.cache.user_id }
    broker    = { endpoint = module.broker.endpoint, console_url = module.broker.console_url }
    smtp      = { host = module.mail_domain.smtp_host, user = module.mail_domain.smtp_user }
    secrets   = module.secrets.arns
  }
}

output "url" {
  description = "What people enter in the app."
  value       = "https://${var.domain}"
}

output "load_balancer_dns_name" {
  description = "Where the domain has to point when its DNS is not in Route 53."
  value       = module.load_balancer.dns_name
}

output "mail_records" {
  description = "What the DNS of the mail domain has to say when it is not in Route 53."
  value       = module.mail_domain.records
}

output "repositories" {
  description = "Where images are pushed."
  value       = { for name, repository in module.registry.repositories : name => repository.url }
}

output "broker_first_password" {
  description = "What the broker takes until the script `credentials` has made a user of its own."
  value       = module.broker.broker_first_password
  sensitive   = true
}
