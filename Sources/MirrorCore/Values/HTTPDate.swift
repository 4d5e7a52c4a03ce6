/// The dates of HTTP headers (RFC 9110, 5.6.7, in the form that is sent today).
package enum HTTPDate {
  /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` as seconds since 1970; `nil` when it is not that.
  package static func seconds(_ text: String) -> Int? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int(words[1]),
      let month = months.firstIndex(of: String(words[2])), let year = Int(words[3])
    else { return nil }
    let clock = words[4].split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]),
      // A leap second is the 60th.
      (0...60).contains(clock[2]), (1...31).contains(day), (1970...9999).contains(year)
    else { return nil }
    return days(year: year, month: month + 1, day: day) * 86_400
      + clock[0] * 3600 + clock[1] * 60 + clock[2]
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Days from 1970-01-01 in the Gregorian calendar; the year is taken to begin in March.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }
}
