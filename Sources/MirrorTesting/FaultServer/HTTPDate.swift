/// A date in the one form that HTTP senders may use, `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// It is only good for comparing.
struct HTTPDate: Comparable {
  private let order: Int

  /// Reads a date; nil for anything in another form.
  init?(_ text: String) {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT",
      let day = Int(words[1]),
      let month = months.firstIndex(of: String(words[2])),
      let year = Int(words[3])
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3 else { return nil }
    // Not days since an epoch: equal steps are not needed, only the order.
    let days = (year * 12 + month) * 31 + day
    order = ((days * 24 + time[0]) * 60 + time[1]) * 60 + time[2]
  }

  static func < (left: HTTPDate, right: HTTPDate) -> Bool {
    left.order < right.order
  }
}
