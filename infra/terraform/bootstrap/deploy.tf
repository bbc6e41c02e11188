# Who deploys: a workflow that proves who it is by OpenID Connect, so that there is no key that could be lost. Without
# `deploy_subjects` people deploy with what they have.

locals {
  deploy = length(var.deploy_subjects) > 0 ? { this = var.deploy_issuer } : {}
  issuer = trimprefix(var.deploy_issuer, "https://")
}

resource "aws_iam_openid_connect_provider" "this" {
  for_each = local.deploy

  url            = each.value
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "deploy" {
  for_each = local.deploy

  name                 = "loquat-deploy"
  max_session_duration = 7200

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.this["this"].arn }
      Condition = {
        StringEquals = { "${local.issuer}:aud" = "sts.amazonaws.com", "${local.issuer}:sub" = var.deploy_subjects }
      }
    }]
  })
}

# Everything but people and their rights ...
resource "aws_iam_role_policy_attachment" "deploy" {
  for_each = local.deploy

  role       = aws_iam_role.deploy["this"].name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}

# ... and of those only what is Loquat's.
resource "aws_iam_role_policy" "deploy" {
  for_each = local.deploy

  name = "roles-of-loquat"
  role = aws_iam_role.deploy["this"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = [
        "iam:AttachRolePolicy", "iam:CreateRole", "iam:CreateUser", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DeleteUser",
        "iam:DeleteUserPolicy", "iam:DetachRolePolicy", "iam:GetRole", "iam:GetRolePolicy", "iam:GetUser", "iam:GetUserPolicy",
        "iam:ListAttachedRolePolicies", "iam:ListGroupsForUser", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies",
        "iam:PassRole", "iam:PutRolePolicy", "iam:PutUserPolicy", "iam:TagRole", "iam:TagUser", "iam:UntagRole", "iam:UntagUser",
        "iam:UpdateAssumeRolePolicy",
      ]
      Resource = [for environment in var.environments : "arn:aws:iam::${var.account_id}:*/loquat-${environment}-*"]
    }]
  })
}
