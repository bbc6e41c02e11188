mock_provider "aws" {
  source = "./mocks"
}

variables {
  prefix             = "loquat-test"
  name               = "chat-service"
  region             = "us-east-1"
  account_id         = "123456789012"
  image              = "123456789012.dkr.ecr.us-east-1.amazonaws.com/loquat/chat-service@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  repository_arn     = "arn:aws:ecr:us-east-1:123456789012:repository/loquat/chat-service"
  cpu                = 512
  memory             = 1024
  count_min          = 2
  count_max          = 4
  environment        = { STOP_GRACE_S = "45", MOST_CONNECTIONS = "5000" }
  secrets            = { DATABASE_URL = "arn:aws:secretsmanager:us-east-1:123456789012:secret:loquat/database-url-AbCdEf" }
  secrets_key_arn    = "arn:aws:kms:us-east-1:123456789012:key/1"
  logs_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/2"
  log_retention_days = 14
  cluster_arn        = "arn:aws:ecs:us-east-1:123456789012:cluster/loquat"
  cluster_name       = "loquat"
  subnet_ids         = ["subnet-1"]
  security_group_id  = "sg-1"
  ports              = { service = 8080, ops = 9090 }
}

run "a_failed_deploy_takes_itself_back" {
  command = plan
  module {
    source = "../modules/service"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "a failed deploy stays"
  }
  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100
    error_message = "a deploy stops tasks before their successors run"
  }
  assert {
    condition     = aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "ARM64"
    error_message = "the images are made for ARM64"
  }
}

run "a_file_is_written_before_the_program_starts" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    secret_files = { "database-ca.pem" = "arn:aws:secretsmanager:us-east-1:123456789012:secret:loquat/database-ca-AbCdEf" }
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[1].dependsOn[0].condition == "SUCCESS"
    error_message = "the program does not wait for its files"
  }
  assert {
    condition     = strcontains(jsondecode(aws_ecs_task_definition.this.container_definitions)[0].command[0], "umask 077")
    error_message = "others could read the files"
  }
}

run "a_tag_is_no_image" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/loquat/chat-service:latest"
  }
  expect_failures = [var.image]
}

run "a_cpu_that_fargate_has_not_is_refused" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    cpu = 300
  }
  expect_failures = [var.cpu]
}

run "a_pair_that_fargate_has_not_is_refused" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    memory = 8192
  }
  expect_failures = [var.memory]
}

run "a_name_is_set_once" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    environment = { STOP_GRACE_S = "45", MOST_CONNECTIONS = "5000", DATABASE_URL = "mongodb://open" }
  }
  expect_failures = [var.environment]
}

run "stopping_ends_before_it_is_cut_off" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    environment = { STOP_GRACE_S = "60", MOST_CONNECTIONS = "5000" }
  }
  expect_failures = [var.environment]
}

run "each_connection_has_a_file" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    environment = { STOP_GRACE_S = "45", MOST_CONNECTIONS = "70000" }
  }
  expect_failures = [var.environment]
}

run "a_stop_longer_than_fargate_allows_is_refused" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    stop_timeout_s = 121
  }
  expect_failures = [var.stop_timeout_s]
}

run "fewer_at_most_than_at_least_is_refused" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    count_max = 1
  }
  expect_failures = [var.count_max]
}

run "a_retention_that_cloudwatch_has_not_is_refused" {
  command = plan
  module {
    source = "../modules/service"
  }
  variables {
    log_retention_days = 21
  }
  expect_failures = [var.log_retention_days]
}
