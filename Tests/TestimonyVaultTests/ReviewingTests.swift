import Age
import Foundation
import Record
import Sodium
import Testing

@testable import TestimonyVault

/// What reviewers write, and who reads it.
struct ReviewingTests {
  @Test func assessmentsAndProposalsGoToThoseWhoReviewTheCase() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let dana = try sample.admit("dana", [.reviewer])
    let kuanysh = try sample.admit("kuanysh", [.custodian])
    let caseID = try sample.founder().history(of: record).caseID
    try sample.session(dana).assess(record, fields: ["assessment": "strong"])
    try sample.session(dana).propose(caseID, fields: ["summary": "At the mill."])
    let founder = try sample.founder()
    let assessment = try #require(founder.assessments(of: record).first)
    #expect(assessment.author == "dana" && assessment.body.fields["assessment"] == "strong")
    #expect(try assessment.body.manifests == [founder.newest(record).note])
    #expect(founder.proposals(for: caseID).map { $0.body.fields["summary"] } == ["At the mill."])
    #expect(try sample.session(kuanysh).assessments(of: record).isEmpty)
    #expect(throws: VaultError.self) { try sample.session(kuanysh).assess(record, fields: ["assessment": "x"]) }
    #expect(try VerificationTests.verify(sample, withKey: true).findings.isEmpty)
  }

  @Test func whatIsTooLongForAnEntryIsRefused() throws {
    let (sample, record) = try VerificationTests.vaultWithARecord()
    let before = try VerificationTests.objects(sample)
    let text = JSON.string(String(repeating: "x", count: Session.reviewLimit))
    #expect {
      try sample.founder().assess(record, fields: ["assessment": text])
    } throws: { error in
      if case VaultError.tooLongForAnEntry = error { true } else { false }
    }
    #expect(try VerificationTests.objects(sample) == before)
    let most = JSON.string(String(repeating: "x", count: Session.reviewLimit - 1_000))
    try sample.founder().assess(record, fields: ["assessment": most])
    #expect(try sample.founder().assessments(of: record).count == 1)
  }
}
