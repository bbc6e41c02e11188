# The whole house applied to a mocked AWS: that what the foundation says is what the services ask for.

mock_provider "aws" {
  source = "./mocks"
}

run "everything_fits_together" {
  command = apply
  module {
    source = "../examples/minimal"
  }
  variables {
    account_id               = "123456789012"
    domain                   = "chat.example.org"
    zone_id                  = "Z0123456789EXAMPLE"
    first_admin              = "admin@example.org"
    images                   = jsondecode(file("values/services.tfvars.json")).images
    documents_first_password = "onlyForThisTest1234"
  }

  assert {
    condition     = output.url == "https://chat.example.org"
    error_message = "people would enter ${output.url}"
  }
  assert {
    condition     = length(output.for_credentials.secrets) == 9
    error_message = "there are places for ${length(output.for_credentials.secrets)} secrets"
  }
  assert {
    condition     = output.for_credentials.broker.endpoint == "amqps://b-1.mq.us-east-1.amazonaws.com:5671"
    error_message = "the broker is at ${output.for_credentials.broker.endpoint}"
  }
}
