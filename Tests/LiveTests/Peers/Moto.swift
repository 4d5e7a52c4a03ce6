import Foundation

/// moto's server as S3, with one bucket, `mirror`.
///
/// A private one checks the signature of every request as botocore, AWS's own library, computes it, and the
/// rights of the user whose keys signed it.
struct Moto: Sendable {
  /// The server of `Tests/run`: an older one on PATH may compute other signatures.
  static let program = "\(PeerServer.pythonTools)/moto_server"

  let process: PeerServer
  /// `ACCESS-KEY:SECRET-KEY` of a user who may read and write.
  let keys: String
  private let isPrivate: Bool

  static func start(isPrivate: Bool, in folder: String) async throws -> Moto {
    // So many requests go unchecked: those that make user, keys, rights and bucket.
    let environment = isPrivate ? ["INITIAL_NO_AUTH_ACTION_COUNT": "4"] : [:]
    let process = try await PeerServer.start(
      log: "\(folder)/moto.log", environment: environment
    ) { [program, "-H", "127.0.0.1", "-p", "\($0)"] }
    let keys = try await python(
      """
      import boto3, json
      options = dict(endpoint_url="\(process.url)", region_name="eu-central-1",
                     aws_access_key_id="first", aws_secret_access_key="first")
      iam = boto3.client("iam", **options)
      iam.create_user(UserName="builder")
      key = iam.create_access_key(UserName="builder")["AccessKey"]
      rights = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
      iam.put_user_policy(UserName="builder", PolicyName="all", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [rights]}))
      boto3.client("s3", **options).create_bucket(
        Bucket="mirror", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
      print(key["AccessKeyId"] + ":" + key["SecretAccessKey"], end="")
      """, in: folder)
    return Moto(process: process, keys: keys, isPrivate: isPrivate)
  }

  /// Puts an object there with AWS's own library.
  func put(_ bytes: [UInt8], at key: String, in folder: String) async throws {
    try Data(bytes).write(to: URL(filePath: "\(folder)/object"))
    _ = try await Self.python(
      """
      import boto3
      access, secret = "\(keys)".split(":")
      s3 = boto3.client("s3", endpoint_url="\(process.url)", region_name="eu-central-1",
                        aws_access_key_id=access, aws_secret_access_key=secret)
      with open("object", "rb") as file:
        s3.put_object(Bucket="mirror", Key="\(key)", Body=file.read(),
                      ACL="\(isPrivate ? "private" : "public-read")")
      """, in: folder)
  }

  private static func python(_ script: String, in folder: String) async throws -> String {
    let file = "\(folder)/moto.py"
    try script.write(toFile: file, atomically: true, encoding: .utf8)
    var environment = Tool.environment(home: folder)
    for name in environment.keys where name.lowercased().hasSuffix("_proxy") {
      environment[name] = nil
    }
    let outcome = try await Tool.run(
      ["\(PeerServer.pythonTools)/python3", file], in: folder, environment: environment)
    guard outcome.status == 0 else { throw PeerServer.Failure(description: outcome.errors) }
    return outcome.text
  }
}
