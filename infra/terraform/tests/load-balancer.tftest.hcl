mock_provider "aws" {
  source = "./mocks"
}

variables {
  name                = "loquat-test"
  domain              = "chat.example.org"
  zone_id             = "Z0123456789EXAMPLE"
  vpc_id              = "vpc-1"
  subnet_ids          = ["subnet-1", "subnet-2"]
  security_group_id   = "sg-1"
  service_port        = 8080
  logs_bucket         = "loquat-logs"
  deletion_protection = true
}

run "sockets_stay_open_between_pings" {
  command = plan
  module {
    source = "../modules/load-balancer"
  }

  assert {
    condition     = aws_lb.this.idle_timeout == 120
    error_message = "idle after ${aws_lb.this.idle_timeout} s"
  }
  assert {
    condition     = alltrue([for group in aws_lb_target_group.service : tonumber(group.deregistration_delay) == 30])
    error_message = "a task that goes keeps its sockets for another time than 30 s"
  }
  assert {
    condition     = alltrue([for group in aws_lb_target_group.service : group.health_check[0].path == "/healthz"])
    error_message = "a task is asked for more than whether it drains"
  }
}

run "only_modern_tls_is_spoken" {
  command = plan
  module {
    source = "../modules/load-balancer"
  }

  assert {
    condition     = startswith(aws_lb_listener.https.ssl_policy, "ELBSecurityPolicy-TLS13-")
    error_message = "TLS is ${aws_lb_listener.https.ssl_policy}"
  }
  assert {
    condition     = aws_lb_listener.http.default_action[0].redirect[0].protocol == "HTTPS"
    error_message = "HTTP is not sent on to HTTPS"
  }
}

run "an_old_policy_is_refused" {
  command = plan
  module {
    source = "../modules/load-balancer"
  }
  variables {
    tls_policy = "ELBSecurityPolicy-2016-08"
  }
  expect_failures = [var.tls_policy]
}

run "a_policy_of_tls_1_0_that_knows_1_3_is_refused" {
  command = plan
  module {
    source = "../modules/load-balancer"
  }
  variables {
    tls_policy = "ELBSecurityPolicy-TLS13-1-0-2021-06"
  }
  expect_failures = [var.tls_policy]
}

run "a_domain_needs_a_zone_or_a_certificate" {
  command = plan
  module {
    source = "../modules/load-balancer"
  }
  variables {
    zone_id = null
  }
  expect_failures = [var.zone_id]
}

run "a_certificate_that_is_brought_along_is_taken" {
  command = plan
  module {
    source = "../modules/load-balancer"
  }
  variables {
    zone_id         = null
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
  }

  assert {
    condition     = aws_lb_listener.https.certificate_arn == "arn:aws:acm:us-east-1:123456789012:certificate/1" && length(aws_route53_record.address) == 0
    error_message = "another certificate, or a record without a zone"
  }
}

run "a_name_that_is_too_long_is_refused" {
  command = plan
  module {
    source = "../modules/load-balancer"
  }
  variables {
    name = "loquat-with-a-very-long-name"
  }
  expect_failures = [var.name]
}

run "a_silence_shorter_than_two_pings_is_refused" {
  command = plan
  module {
    source = "../modules/load-balancer"
  }
  variables {
    idle_timeout_s = 30
  }
  expect_failures = [var.idle_timeout_s]
}
