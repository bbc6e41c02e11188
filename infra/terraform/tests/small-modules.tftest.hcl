mock_provider "aws" {
  source = "./mocks"
}

variables {
  name       = "loquat-test"
  region     = "us-east-1"
  account_id = "123456789012"
  key_arn    = "arn:aws:kms:us-east-1:123456789012:key/1"
  vpc_id     = "vpc-1"
  subnet_ids = ["subnet-1", "subnet-2", "subnet-3"]
  callers    = { operator = "sg-1", chat-service = "sg-2" }
}

run "an_old_documentdb_is_refused" {
  command = plan
  module {
    source = "../modules/documents"
  }
  variables {
    engine_version      = "5.0.0"
    instance_class      = "db.r6g.large"
    first_password      = "onlyForThisTest1234"
    instance_count      = 3
    backup_days         = 7
    deletion_protection = true
    logs_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/2"
    log_retention_days  = 14
  }
  expect_failures = [var.engine_version]
}

run "documents_can_be_gone_back_to_for_a_week" {
  command = plan
  module {
    source = "../modules/documents"
  }
  variables {
    instance_class      = "db.r6g.large"
    first_password      = "onlyForThisTest1234"
    instance_count      = 3
    backup_days         = 1
    deletion_protection = true
    logs_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/2"
    log_retention_days  = 14
  }
  expect_failures = [var.backup_days]
}

run "a_cache_of_two_takes_over_by_itself" {
  command = plan
  module {
    source = "../modules/cache"
  }
  variables {
    node_type  = "cache.r7g.large"
    node_count = 2
  }

  assert {
    condition     = aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "nobody takes over"
  }
  assert {
    condition     = aws_elasticache_replication_group.this.transit_encryption_mode == "required"
    error_message = "the cache takes connections without TLS"
  }
}

run "rabbitmq_4_runs_on_m7g_only" {
  command = plan
  module {
    source = "../modules/broker"
  }
  variables {
    instance_type = "mq.m5.large"
    clustered     = true
  }
  expect_failures = [var.instance_type]
}

run "a_broker_is_private" {
  command = plan
  module {
    source = "../modules/broker"
  }
  variables {
    instance_type = "mq.m7g.large"
    clustered     = true
  }

  assert {
    condition     = !aws_mq_broker.this.publicly_accessible && aws_mq_broker.this.deployment_mode == "CLUSTER_MULTI_AZ"
    error_message = "the broker is ${aws_mq_broker.this.deployment_mode}"
  }
}

run "a_limit_of_sign_ins_includes_that_of_codes" {
  command = plan
  module {
    source = "../modules/waf"
  }
  variables {
    load_balancer_arn  = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/loquat/0123456789abcdef"
    log_retention_days = 14
    logs_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/2"
    sign_ins_per_5_min = 100
  }
  expect_failures = [var.sign_ins_per_5_min]
}

run "asking_for_codes_is_limited_and_pasted_code_is_not_blocked" {
  command = plan
  module {
    source = "../modules/waf"
  }
  variables {
    load_balancer_arn  = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/loquat/0123456789abcdef"
    log_retention_days = 14
    logs_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/2"
  }

  assert {
    condition     = contains([for rule in aws_wafv2_web_acl.this.rule : rule.name], "rate-of-codes")
    error_message = "nothing limits who asks for codes"
  }
  assert {
    condition = contains(flatten([
      for rule in aws_wafv2_web_acl.this.rule : [
        for statement in rule.statement : [for group in statement.managed_rule_group_statement : group.rule_action_override[*].name]
      ]
    ]), "CrossSiteScripting_BODY")
    error_message = "who writes about HTML would be blocked"
  }
}

run "mails_come_from_the_domain" {
  command = plan
  module {
    source = "../modules/mail-domain"
  }
  variables {
    domain       = "example.org"
    from_address = "chat@example.com"
    topic_arn    = "arn:aws:sns:us-east-1:123456789012:loquat"
  }
  expect_failures = [var.from_address]
}

run "a_copy_is_kept_longer_than_a_weekend" {
  command = plan
  module {
    source = "../modules/backup"
  }
  variables {
    resource_arns = ["arn:aws:rds:us-east-1:123456789012:cluster:loquat"]
    daily_days    = 1
  }
  expect_failures = [var.daily_days]
}

run "somebody_hears_of_alarms" {
  command = plan
  module {
    source = "../modules/observability"
  }
  variables {
    environment = "test"
    topic_arn   = "arn:aws:sns:us-east-1:123456789012:loquat"
    emails      = []
    budget_usd  = 100
    alarms      = {}
  }
  expect_failures = [var.emails]
}

run "a_bucket_is_nobody_elses" {
  command = plan
  module {
    source = "../modules/files"
  }
  variables {
    bucket = "loquat-test-files"
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.restrict_public_buckets && aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "the bucket is public, or forgets what is overwritten"
  }
}

run "a_tag_is_given_once" {
  command = plan
  module {
    source = "../modules/registry"
  }
  variables {
    prefix = "loquat-test"
    names  = ["chat-service"]
  }

  assert {
    condition     = aws_ecr_repository.this["chat-service"].image_tag_mutability == "IMMUTABLE"
    error_message = "a tag can be moved to another image"
  }
}

run "a_secret_can_be_had_back" {
  command = plan
  module {
    source = "../modules/secrets"
  }
  variables {
    path          = "loquat/test"
    names         = { code-pepper = "CODE_PEPPER" }
    recovery_days = 0
  }
  expect_failures = [var.recovery_days]
}

run "no_branch_of_a_stranger_deploys" {
  command = plan
  module {
    source = "../bootstrap"
  }
  variables {
    deploy_subjects = ["repo:example/loquat:*"]
  }
  expect_failures = [var.deploy_subjects]
}
