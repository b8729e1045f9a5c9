//! What a server can get wrong, as a table: how bad it is, how binding the rule is, who is hurt by
//! it, and how it is usually fixed. Sections are of RFC 9110 unless they name another.

/// What a fault leads to, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A write that should have been refused goes through, or destroys somebody else's.
    DataLost,
    /// A client puts together bytes that do not belong together.
    WrongBytes,
    /// Somebody is shown what is no longer true.
    Stale,
    /// Bytes are sent that the client has.
    Wasted,
    /// Against the text, with little harm known.
    Letter,
}

impl Severity {
    /// All, worst first.
    pub const ALL: [Self; 5] = [
        Self::DataLost,
        Self::WrongBytes,
        Self::Stale,
        Self::Wasted,
        Self::Letter,
    ];

    /// As a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::DataLost => "Data can be lost",
            Self::WrongBytes => "Wrong bytes can be put together",
            Self::Stale => "Stale content can be shown",
            Self::Wasted => "Transfers are wasted",
            Self::Letter => "Against the letter of the standard, with little harm",
        }
    }

    /// As machines read it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::DataLost => "data-lost",
            Self::WrongBytes => "wrong-bytes",
            Self::Stale => "stale",
            Self::Wasted => "wasted",
            Self::Letter => "letter",
        }
    }

    /// As a person reads it behind the number of such faults.
    #[must_use]
    pub const fn counted(self, count: usize) -> &'static str {
        match self {
            Self::DataLost => "can lose data",
            Self::WrongBytes => "can put wrong bytes together",
            Self::Stale => "can show stale content",
            Self::Wasted if count == 1 => "wastes transfers",
            Self::Wasted => "waste transfers",
            Self::Letter => "only against the letter",
        }
    }
}

/// How binding the rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Force {
    /// An absolute requirement.
    Must,
    /// There may be reasons to do otherwise.
    Should,
    /// The RFC leaves it open: worth knowing, never a fault.
    Choice,
}

impl Force {
    /// The word of the RFC.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::Choice => "choice",
        }
    }
}

/// What is known of a fault.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name in options and in JSON.
    pub id: &'static str,
    /// What it leads to.
    pub severity: Severity,
    /// How binding the rule is.
    pub force: Force,
    /// Where the rule is.
    pub section: &'static str,
    /// What the server does, as one sentence.
    pub title: &'static str,
    /// Who is hurt, and by what.
    pub hurts: &'static str,
    /// How it is usually fixed.
    pub mend: &'static str,
}

macro_rules! faults {
    ($($name:ident $id:literal $severity:ident $force:ident $section:literal
        $title:literal $hurts:literal $mend:literal)+) => {
        /// A fault, or a choice worth knowing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $(#[doc = concat!("`", $id, "`.")] $name,)+
        }

        impl Fault {
            /// All that can be reported.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// What is known of it.
            #[must_use]
            pub const fn about(self) -> About {
                match self {
                    $(Self::$name => About {
                        id: $id,
                        severity: Severity::$severity,
                        force: Force::$force,
                        section: $section,
                        title: $title,
                        hurts: $hurts,
                        mend: $mend,
                    },)+
                }
            }

            /// The fault of this id.
            #[must_use]
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|fault| fault.about().id == id)
            }
        }
    };
}

faults! {
    // Judging If-Match.
    IfMatchIgnored "if-match-ignored" DataLost Must "13.1.1"
        "If-Match is ignored"
        "Two people who edit the same thing: the later save silently removes the earlier one. A client that pins a version gets another."
        "Compare If-Match with the current entity tag before the method is performed, and answer 412 where it does not match."
    IfMatchWeak "if-match-weak" DataLost Must "13.1.1, 8.8.3.2"
        "If-Match accepts a weak tag as a match"
        "A weak tag says \"about the same\": a write based on it may remove a change that the tag does not show."
        "Compare strongly for If-Match: equal, and neither tag begins with W/."
    IfMatchMalformedIgnored "if-match-malformed-ignored" DataLost Must "13.1.1"
        "An If-Match that cannot be read counts as if it were not there"
        "The client asked for protection and gets none: one bad byte switches the guard off."
        "Treat a value that is neither * nor a list of tags as a condition that is false: 412, or 400."
    IfMatchBytesIgnored "if-match-bytes-ignored" DataLost Must "13.1.1, 5.5"
        "An If-Match with a byte above 127 counts as if it were not there"
        "The guard against lost updates is off for any client whose tags hold such bytes."
        "Read field values as bytes, not as ASCII text: those bytes are part of a tag."
    IfMatchEmptyIgnored "if-match-empty-ignored" DataLost Must "13.1.1, 5.6.1.2"
        "An empty If-Match counts as if it were not there"
        "A client with an empty list of known versions writes over one that it never saw."
        "An empty value is a list without members. It matches nothing: 412."
    IfMatchListUnread "if-match-list-unread" Letter Must "13.1.1"
        "If-Match with several tags does not match, though one of them is current"
        "Clients that know several versions are refused though they are right."
        "Read the value as a list, and let any strong match do."
    IfMatchLineUnread "if-match-line-unread" Letter Must "5.3"
        "Of several If-Match lines only one is read"
        "Whether a request succeeds depends on how some proxy splits a list over lines."
        "Join the lines with commas before reading them; most frameworks have a call for all values of a field."
    IfMatchEmptyMembers "if-match-empty-members" Letter Must "5.6.1.2"
        "Empty members in the list of If-Match spoil it"
        "Clients that send one comma too many are refused."
        "Skip empty members of a list."
    IfMatchWeakSpoils "if-match-weak-spoils" Letter Must "13.1.1"
        "A weak tag in If-Match spoils the strong one beside it"
        "A client that lists both is refused though one of them matches."
        "Go on with the next member where one is weak."
    IfMatchStar "if-match-star" Letter Must "13.1.1"
        "If-Match: * fails though the resource exists"
        "A client that wants to change only what exists is always refused."
        "Let * match whenever there is a current representation, tag or no tag."
    // Judging If-Unmodified-Since.
    IfUnmodifiedSinceIgnored "if-unmodified-since-ignored" DataLost Must "13.1.4"
        "If-Unmodified-Since is ignored"
        "Clients that guard their writes by date write over what others have saved."
        "Where there is no If-Match, answer 412 if Last-Modified is later than the date."
    IfUnmodifiedSinceBesideIfMatch "if-unmodified-since-beside-if-match" Letter Must "13.1.4"
        "If-Unmodified-Since refuses a request though If-Match holds the current tag"
        "Clients that send both, the date for servers that know no tags, are refused though their tag is current."
        "Where there is an If-Match, let it decide alone, and ignore If-Unmodified-Since."
    IfUnmodifiedSinceInvalid "if-unmodified-since-invalid" Letter Must "13.1.4"
        "A request is refused because its If-Unmodified-Since is not a date"
        "A client with a date that the server cannot read gets an error, whatever it has."
        "Ignore the field if it does not hold exactly one date as HTTP writes it: Sat, 01 Mar 2025 00:00:00 GMT, or one of the two old formats."
    IfUnmodifiedSinceLines "if-unmodified-since-lines" Letter Must "13.1.4"
        "If-Unmodified-Since on two lines is not ignored"
        "Two servers on the way may read two different dates."
        "Ignore the field if it has more than one line."
    IfUnmodifiedSinceExact "if-unmodified-since-exact" Letter Must "13.1.4"
        "If-Unmodified-Since fails for a date later than the last change"
        "Clients that send the time of their last look are refused though nothing has changed."
        "Compare with earlier-or-equal, not with equality."
    IfUnmodifiedSinceNoDate "if-unmodified-since-no-date" Letter Must "13.1.4"
        "If-Unmodified-Since is not ignored though the resource has no modification date"
        "The request can never succeed."
        "Ignore the field where there is no Last-Modified to compare with."
    // Judging If-Range.
    IfRangeIgnored "if-range-ignored" WrongBytes Must "13.1.5"
        "Range applies although If-Range names another version"
        "A resumed download is glued together from two versions: a corrupt file, and nobody is told."
        "Send the whole content with 200 unless If-Range matches the current tag exactly."
    IfRangeWeak "if-range-weak" WrongBytes Must "13.1.5"
        "If-Range accepts a weak tag as a match"
        "A weak tag does not promise equal bytes, so a resumed download may be glued together from two versions."
        "Compare strongly for If-Range: equal, and neither tag begins with W/."
    IfRangeDateLater "if-range-date-later" WrongBytes Must "13.1.5"
        "If-Range accepts a later date as a match"
        "A client whose copy is of another moment gets a part of this version glued to it."
        "Let a date in If-Range match only if it is exactly the Last-Modified."
    IfRangeMalformed "if-range-malformed" WrongBytes Must "13.1.5"
        "Range applies although If-Range cannot be read"
        "The client's guard against gluing two versions is off."
        "A value that is neither one tag nor one date does not match: send the whole content with 200."
    IfRangeRefuses "if-range-refuses" Letter Must "13.1.5"
        "An If-Range that does not match gives an error instead of the whole content"
        "Resuming fails where it should start again."
        "A false If-Range means only that Range is ignored: 200 with the whole content."
    // Judging If-None-Match.
    IfNoneMatchIgnored "if-none-match-ignored" Wasted Must "13.1.2"
        "If-None-Match is ignored"
        "Every visit transfers again what the browser or CDN already has, and a client that says \"only if there is none\" is ignored."
        "Compare If-None-Match with the current entity tag, and answer 304 to GET and HEAD where it matches."
    IfNoneMatchStrong "if-none-match-strong" Wasted Must "13.1.2, 8.8.3.2"
        "If-None-Match does not match where one of the tags is weak"
        "Behind nginx, Cloudflare and others that weaken tags when they compress, no client is ever answered 304."
        "Compare weakly for If-None-Match: leave W/ out of the comparison."
    IfNoneMatchListUnread "if-none-match-list-unread" Wasted Must "13.1.2"
        "If-None-Match with several tags does not match, though one of them is current"
        "Caches that keep several variants send all their tags, and always get the whole content."
        "Read the value as a list of tags, and answer 304 if any of them matches."
    IfNoneMatchFirstLine "if-none-match-first-line" Wasted Must "5.3"
        "Of several If-None-Match lines only the first is read"
        "Where a proxy splits the list over lines, the client gets the whole content again each time."
        "Join the lines with commas before reading them; most frameworks have a call for all values of a field."
    IfNoneMatchLastLine "if-none-match-last-line" Wasted Must "5.3"
        "Of several If-None-Match lines only the last is read"
        "Where a proxy splits the list over lines, the client gets the whole content again each time."
        "Join the lines with commas before reading them; a map with one value per name loses lines."
    IfNoneMatchSpacing "if-none-match-spacing" Wasted Must "5.6.1.2"
        "Tags in If-None-Match are found only after a comma and one space"
        "Clients that write \"a\",\"b\" get the whole content again each time."
        "Allow any number of spaces and tabs around the comma, including none."
    IfNoneMatchTabs "if-none-match-tabs" Wasted Must "5.6.3, 5.5"
        "A tab beside a tag counts as part of the value"
        "Clients that separate tags by tabs get the whole content again each time."
        "Skip tabs as well as spaces around a value and around the members of a list."
    IfNoneMatchEmptyMembers "if-none-match-empty-members" Wasted Must "5.6.1.2"
        "Empty members in the list of If-None-Match spoil it"
        "Clients or proxies that send one comma too many get the whole content again each time."
        "Skip empty members of a list."
    IfNoneMatchBytes "if-none-match-bytes" Wasted Must "8.8.3, 5.5"
        "A tag with a byte above 127 spoils the whole If-None-Match"
        "One odd tag in a list, and the client gets the whole content again each time."
        "Read field values as bytes, not as ASCII text."
    IfNoneMatchCommas "if-none-match-commas" Wasted Must "8.8.3"
        "A tag with a comma in it is cut in two"
        "The server's own tag holds a comma, so no client is ever answered 304."
        "Read up to the closing quote before looking for the comma; or give out tags without commas."
    IfNoneMatchStar "if-none-match-star" Wasted Must "13.1.2"
        "If-None-Match: * is not understood"
        "A client that asks whether there is anything is sent all of it. With a write, * means \"only if there is none\": a server that does not know this may write over what exists."
        "Let * match whenever there is a current representation, tag or no tag."
    IfNoneMatchRefuses "if-none-match-refuses" Wasted Must "13.1.2"
        "A GET whose If-None-Match matches is refused with 412"
        "A client that has the current version is told that something failed."
        "Answer 304 to GET and HEAD; 412 is for the other methods."
    IfNoneMatchInside "if-none-match-inside" Stale Must "13.1.2, 8.8.3.2"
        "A tag is found inside another, longer one"
        "A client with an old version is told that it is current."
        "Compare whole tags, not parts of a text."
    IfNoneMatchCase "if-none-match-case" Stale Must "8.8.3.2"
        "Tags that differ in upper and lower case count as equal"
        "With base64 tags a client with an old version can be told that it is current."
        "Compare byte by byte."
    IfNoneMatchMalformedIgnored "if-none-match-malformed-ignored" Stale Must "13.1.3"
        "If-Modified-Since counts where If-None-Match cannot be read"
        "A change within the same second is not shown."
        "Look at If-Modified-Since only where there is no If-None-Match at all."
    IfNoneMatchEmptyIgnored "if-none-match-empty-ignored" Stale Must "13.1.3, 5.6.1.2"
        "If-Modified-Since counts where If-None-Match is empty"
        "A change within the same second is not shown."
        "A field with an empty value is present: look at If-Modified-Since only where If-None-Match is absent."
    IfModifiedSinceBeside "if-modified-since-beside" Stale Must "13.1.3"
        "If-Modified-Since gives a 304 although If-None-Match does not match"
        "After two changes within a second, or a restored backup, clients keep the old content."
        "Look at If-Modified-Since only where there is no If-None-Match."
    BothHaveToHold "both-have-to-hold" Wasted Must "13.1.3, 13.2.2"
        "If-Modified-Since keeps a 304 away though If-None-Match holds the current tag"
        "A client that has the current content, but sends an older date or one that cannot be read, gets the whole content again each time."
        "Where there is an If-None-Match, let it decide alone, and ignore If-Modified-Since."
    IfNoneMatchBackslash "if-none-match-backslash" Wasted Must "8.8.3"
        "A backslash in a tag counts as an escape"
        "One such tag in a list, and the client gets the whole content again each time."
        "A tag ends at the next double quote, whatever is before it."
    IfUnmodifiedSinceSuppresses "if-unmodified-since-suppresses" Wasted Must "13.2.2"
        "An If-Unmodified-Since that holds keeps a 304 away"
        "Clients that send it get the whole content again each time."
        "Go on with If-None-Match and If-Modified-Since where If-Unmodified-Since holds."
    IfMatchSuppresses "if-match-suppresses" Wasted Must "13.2.2"
        "An If-Match that holds keeps a 304 away"
        "Clients that send both get the whole content again each time."
        "Go on with If-None-Match and If-Modified-Since where If-Match holds."
    IfRangeFirst "if-range-first" Wasted Must "13.2.2"
        "A matching If-Range lets Range go before If-None-Match"
        "A client that has everything gets bytes again."
        "Look at Range and If-Range last, and only if the answer would be 200."
    // Judging If-Modified-Since.
    IfModifiedSinceIgnored "if-modified-since-ignored" Wasted Should "13.1.3"
        "If-Modified-Since is ignored"
        "Clients that know only a date, crawlers among them, get the whole content again each time."
        "Where there is no If-None-Match, answer 304 if Last-Modified is not later than the date."
    IfModifiedSinceFormats "if-modified-since-formats" Wasted Must "5.6.7"
        "The two old formats of a date are not read"
        "Old clients get the whole content again each time."
        "Read all three formats of section 5.6.7, by a library for HTTP dates."
    IfModifiedSinceAlways "if-modified-since-always" Stale Must "13.1.3"
        "Any date in If-Modified-Since gives a 304"
        "A client with an old version is told that it is current, for ever."
        "Answer 304 only if Last-Modified is not later than the date."
    IfModifiedSinceInvalid "if-modified-since-invalid" Stale Must "13.1.3"
        "An If-Modified-Since that is not a date gives a 304"
        "A client that has nothing usable is told that what it has is current."
        "Ignore the field if it does not hold exactly one date in one of the three formats. In JavaScript an invalid date compares false with everything: test for it."
    IfModifiedSinceLines "if-modified-since-lines" Letter Must "13.1.3"
        "If-Modified-Since on two lines is not ignored"
        "Two servers on the way may read two different dates."
        "Ignore the field if it has more than one line."
    // Their order.
    RangeFirst "range-first" WrongBytes Must "13.2.2, 14.2"
        "Range is handled before the conditions"
        "A client that says \"only this version\" gets a part of another; one that has everything gets bytes again."
        "Evaluate the conditions first: 412 and 304 come before 206 and 416."
    OrderOfSteps "if-none-match-first" Letter Must "13.2.2"
        "If-None-Match is evaluated before If-Match"
        "A request that has to fail is answered 304."
        "Evaluate If-Match and If-Unmodified-Since first, then If-None-Match and If-Modified-Since."
    HeadIgnored "head-not-evaluated" Wasted Must "13.2.1, 9.3.2"
        "Conditions are ignored for HEAD"
        "A client that asks by HEAD whether something has changed is always told yes."
        "Treat HEAD as GET, and leave out the content at the end."
    ConditionsFirst "conditions-on-missing" Letter Must "13.2.1"
        "A condition hides that there is nothing: 412 or 304 instead of 404"
        "A client cannot tell that the resource is gone."
        "Evaluate conditions only where the request without them would be answered 2xx or 412."
    // Range.
    RangeOnHead "range-on-head" Letter Must "14.2"
        "HEAD with a Range is answered for a part"
        "A client that asks by HEAD how long something is, as download programs do, is told the length of the part."
        "Look at Range only where the method is GET."
    RangeUnit "range-unit" Letter Must "14.2"
        "A Range in a unit that the server does not know is not ignored"
        "Clients that use another unit get an error instead of the whole content."
        "Ignore Range where the unit is not bytes."
    RangeLastPos "range-last-pos" Letter Must "14.1.2"
        "A Range that ends beyond the end is refused"
        "A client that does not know the length, and asks for the first megabyte, gets an error."
        "Cut the range at the end of the content."
    RangesRefused "ranges-refused" Letter Must "14.2"
        "A request for two ranges is refused"
        "Clients that ask for several ranges get an error instead of the whole content."
        "Send both, or one that holds both, or the whole content with 200."
    RangeLongSuffix "range-long-suffix" Letter Must "14.1.2"
        "A suffix longer than the content is refused"
        "A client that asks for the last megabyte of something small gets an error."
        "Send everything where the content is shorter than the suffix."
    RangeHuge "range-huge" Letter Must "14.1.2"
        "A Range with a very large number is refused"
        "A client that asks for everything up to a very large position gets an error instead of the content."
        "Treat a number that is too large as the largest that fits; the range then ends with the content."
    PartWrongBytes "part-wrong-bytes" WrongBytes Must "14.1.2, 15.3.7"
        "A 206 does not hold the bytes that were asked for"
        "Resumed downloads are corrupt."
        "Remember that the last position is included, and that bytes=-5 means the last five."
    PartContentRange "part-content-range" WrongBytes Must "14.4, 15.3.7.1"
        "The Content-Range of a 206 is not that of the bytes that it holds"
        "The client puts them at the wrong place, or gives up."
        "Send Content-Range: bytes FIRST-LAST/LENGTH, with both positions included."
    PartLacksFields "part-lacks-fields" WrongBytes Must "15.3.7"
        "A 206 lacks the tag, or caching fields, that the 200 has"
        "A client cannot tell which version the part belongs to; caches keep it too long."
        "Send Date, Cache-Control, ETag, Expires, Content-Location and Vary with a 206 as with the 200."
    PartMultipart "part-multipart" WrongBytes Must "15.3.7.2"
        "One range is answered as multipart"
        "A client that asked for one range takes the boundary for content."
        "Send a single range as it is, with Content-Range in the head."
    PartsWrong "parts-wrong" WrongBytes Must "15.3.7.2, 14.6"
        "The parts of a multipart answer do not hold what their Content-Range says"
        "Clients that ask for several ranges, PDF viewers for example, show garbage."
        "Write a Content-Range into each part and none into the head, and count the bytes."
    UnsatisfiedUnsaid "unsatisfied-unsaid" Letter Should "15.5.17, 14.4"
        "A 416 does not say how long the content is"
        "A client that wanted to resume has to ask once more."
        "Send Content-Range: bytes */LENGTH with a 416."
    // Validators.
    TagMalformed "etag-malformed" Wasted Must "8.8.3"
        "The ETag is not an entity tag"
        "Clients and caches ignore it or mangle it. This is the usual bug: a hash without quotes."
        "Put double quotes around it: ETag: \"33a64df5\"."
    TagTwice "etag-twice" Stale Must "5.3, 8.8.3"
        "There are two ETag lines"
        "Which of them counts differs from client to client."
        "Set the field rather than adding to it: probably a framework and a handler each send one."
    TagChanges "etag-changes" Wasted Should "8.8.1"
        "The entity tag changes though the content does not"
        "No client is ever answered 304."
        "Make the tag from the content or its version, not from the time of the request, a random number or one of several machines."
    TagStays "etag-stays" WrongBytes Must "8.8.1"
        "Different contents have the same strong tag"
        "Clients keep the old content; resumed downloads are glued from two versions."
        "Make the tag from what is sent, or mark it as weak with W/."
    TagOfCodings "etag-of-codings" WrongBytes Must "8.8.3.3"
        "The compressed and the plain content have the same strong tag"
        "A part of the one is glued to the other; caches deliver what a client cannot read."
        "Give each coding a tag of its own (\"v1-gzip\"), or make the tag weak when compressing."
    CodingNever "coding-never-304" Wasted Must "13.1.2, 8.8.3.3"
        "The tag of the compressed content never matches"
        "Browsers ask for compressed content, so no browser is ever answered 304."
        "Compare with the tag that goes out for the coding that would be sent."
    VaryMissing "vary-missing" Stale Should "12.5.5"
        "Content is compressed for some clients, and no Vary line tells caches so"
        "A cache on the way keeps the compressed answer, and gives it to a client that cannot read it."
        "Send Vary: Accept-Encoding with every answer of that resource, the plain ones too (nginx: gzip_vary on)."
    NoValidator "no-validator" Wasted Should "8.8.2.1, 8.8.3"
        "There is neither ETag nor Last-Modified"
        "No client can ask whether something has changed: everything is transferred each time."
        "Send an ETag: a hash of the content or the version of the record will do."
    DateMissing "date-missing" Letter Must "6.6.1"
        "Date is missing"
        "Caches cannot tell how old an answer is."
        "Send Date with every answer if the machine has a clock."
    LastModifiedMalformed "last-modified-malformed" Wasted Must "8.8.2, 5.6.7"
        "Last-Modified is not a date as HTTP writes it"
        "Clients ignore it, or send back what the server itself cannot read."
        "Write it as Tue, 15 Nov 1994 12:45:26 GMT: always GMT, always English."
    LastModifiedFuture "last-modified-future" Stale Must "8.8.2.1"
        "Last-Modified lies in the future"
        "A later change may get an earlier date, and clients keep what they have."
        "Send the time of the answer instead where the file's time is later."
    LastModifiedChanges "last-modified-changes" Wasted Should "8.8.2.1"
        "Last-Modified changes though the content does not"
        "No client is ever answered 304 by its date."
        "Send the time of the last change, not the time of the answer; or leave it out."
    // Heads without content.
    NotModifiedContent "not-modified-content" WrongBytes Must "15.4.5, RFC 9112 6.3"
        "A 304 is followed by content"
        "The client takes it for the beginning of the next answer: answers get mixed up."
        "Send nothing after the head of a 304, whatever the handler wrote."
    NotModifiedLacksTag "not-modified-lacks-etag" Wasted Must "15.4.5"
        "A 304 lacks the ETag that the 200 has"
        "A cache with several stored answers cannot tell which one is meant, and asks again."
        "Set ETag before the decision is made, so that both answers carry it."
    NotModifiedOtherTag "not-modified-other-etag" Stale Must "15.4.5"
        "A 304 has another ETag than the 200"
        "The cache files old content under a new tag, or drops what it could keep."
        "Send with the 304 what the 200 would have."
    NotModifiedLacksVary "not-modified-lacks-vary" Stale Must "15.4.5"
        "A 304 lacks the Vary that the 200 has"
        "A cache updates its stored answer from it, and may mix up variants."
        "Set Vary before the decision is made, so that both answers carry it."
    NotModifiedLacksFreshness "not-modified-lacks-freshness" Wasted Must "15.4.5"
        "A 304 lacks the Cache-Control or Expires that the 200 has"
        "The cache does not learn that its copy is fresh again, and asks each time."
        "Set the caching fields before the decision is made, so that both answers carry them."
    NotModifiedLacksLocation "not-modified-lacks-content-location" Letter Must "15.4.5"
        "A 304 lacks the Content-Location that the 200 has"
        "A client loses the address of the variant."
        "Send Content-Location with both."
    NotModifiedLength "not-modified-length" WrongBytes Must "8.6"
        "A 304 has a Content-Length that is not the 200's"
        "Clients that believe it wait for content, or take the stored copy for damaged."
        "Leave Content-Length out of a 304; some frameworks put a 0 there."
    NotModifiedExtra "not-modified-extra" Letter Should "15.4.5"
        "A 304 describes content: Content-Type, Content-Encoding, Content-Language or Content-Range"
        "A cache writes them over those of its stored copy, which they may not fit."
        "Leave out of a 304 what describes the content."
    HeadContent "head-content" WrongBytes Must "9.3.2, RFC 9112 6.3"
        "The answer to a HEAD is followed by content"
        "The client takes it for the beginning of the next answer: answers get mixed up."
        "Send nothing after the head, whatever the handler wrote."
    HeadLength "head-length" WrongBytes Must "8.6"
        "HEAD has a different Content-Length from GET"
        "Downloaders reserve the wrong size, or think that the file is empty."
        "Send the length that GET would have, or none; some frameworks put a 0 there."
    HeadValidators "head-validators" Stale Should "9.3.2"
        "HEAD has different validators from GET"
        "A client that checks by HEAD thinks that something has changed, or that nothing has."
        "Treat HEAD as GET, and leave out the content at the end."
    Pipelining "pipelining" WrongBytes Must "RFC 9112 9.3.2"
        "Requests that are sent without waiting get the wrong answers"
        "Answers are given to the wrong requests."
        "Answer in the order of the requests; close the connection if that is too much."
    // What no model explains.
    ValidRefused "valid-refused" Letter Must "13.1, 5.6.1.2"
        "A valid conditional request is refused as a bad one"
        "Clients that follow the RFC get an error."
        "Read lists, several lines, odd bytes and dates as section 13 has them. A field that has to be ignored is no reason for an error."
    LinesRefused "several-lines-refused" Letter Must "5.3, 13.1.3"
        "A request with several lines of one field is refused as a bad one"
        "A list of tags may come on several lines, and proxies do that: such a request fails. So does one with two dates, which should be ignored."
        "Join the lines of If-Match with commas, and those of If-None-Match, and read them as one list. Ignore If-Modified-Since and If-Unmodified-Since where they come twice."
    Breaks "breaks" Letter Must "2.4, 15.6"
        "A field value leads to an error of the server, or no answer"
        "Anybody can fill the log with errors, and may find worse."
        "Catch every exception where you read a field."
    UnexplainedPart "unexplained-part" WrongBytes Must "13.2.2"
        "A 206 came where the whole content should have"
        "Bytes of two versions may be glued together."
        "Look at the requests below: what they have in common is the cause."
    UnexplainedPerformed "unexplained-performed" DataLost Must "13.2.2"
        "A request was performed that should have been answered 412"
        "A guard against lost updates does not hold."
        "Look at the requests below: what they have in common is the cause."
    UnexplainedNotModified "unexplained-not-modified" Stale Must "13.2.2"
        "A 304 came where the whole content should have"
        "A client with another version is told that it is current."
        "Look at the requests below: what they have in common is the cause."
    UnexplainedWhole "unexplained-whole" Wasted Must "13.2.2"
        "The whole content came where a 304 should have"
        "The client gets again what it has."
        "Look at the requests below: what they have in common is the cause."
    UnexplainedRefusal "unexplained-refusal" Letter Must "13.2.2"
        "A 412 or 416 came where the whole content or a 304 should have"
        "A request that has to succeed fails."
        "Look at the requests below: what they have in common is the cause."
    UnexplainedStatus "unexplained-status" Letter Must "13.2.1"
        "A condition changes the status into one that has nothing to do with it"
        "A client cannot know what happened."
        "Look at the requests below: what they have in common is the cause."
    // With --writable.
    WriteIfMatchIgnored "write-if-match-ignored" DataLost Must "13.1.1"
        "PUT is performed although If-Match does not match"
        "Of two people who edit the same thing, one loses the work, and nobody is told."
        "Compare If-Match with the current tag right before writing, in the same lock or transaction, and answer 412."
    WriteIfMatchWeak "write-if-match-weak" DataLost Must "13.1.1"
        "PUT is performed although If-Match holds only a weak tag"
        "A change that the weak tag does not show is written over."
        "Compare strongly for If-Match: equal, and neither tag begins with W/."
    WriteIfMatchMalformed "write-if-match-malformed" DataLost Must "13.1.1"
        "PUT is performed although If-Match cannot be read"
        "The client asked for protection and gets none."
        "Treat what is neither * nor a list of tags as false: 412, or 400."
    WriteIfMatchMissing "write-if-match-missing" DataLost Must "13.1.1"
        "PUT with If-Match: * creates what does not exist"
        "What somebody has deleted comes back."
        "Where there is no current representation, If-Match is false: 412."
    WriteIfMatchRefused "write-if-match-refused" Letter Must "13.1.1"
        "PUT is refused although If-Match holds the current tag"
        "No client that guards its writes can write."
        "Compare with the tag that GET gives out, quotes and all."
    WriteIfNoneMatchIgnored "write-if-none-match-ignored" DataLost Must "13.1.2"
        "PUT with If-None-Match: * writes over what exists"
        "Two clients that create the same name: one loses its content."
        "Create with the exclusive flag of the file system or the unique index of the database, and answer 412."
    WriteIfNoneMatchTag "write-if-none-match-tag" DataLost Must "13.1.2"
        "PUT is performed although If-None-Match names the current tag"
        "A client that says \"not over this version\" is ignored."
        "Evaluate If-None-Match for every method: 412 where it matches."
    WriteNotModified "write-not-modified" DataLost Must "13.1.2"
        "A write whose If-None-Match does not hold is answered 304 instead of 412"
        "The client may take it for a success."
        "304 is for GET and HEAD. Answer 412 to all others."
    WriteIfUnmodifiedSince "write-if-unmodified-since-ignored" DataLost Must "13.1.4"
        "PUT is performed although If-Unmodified-Since is earlier than the last change"
        "Clients that guard their writes by date write over what others have saved."
        "Where there is no If-Match, answer 412 if the last change is later than the date."
    WriteIfModifiedSince "write-if-modified-since" Letter Must "13.1.3"
        "If-Modified-Since keeps a PUT from being performed"
        "A write that has to succeed fails."
        "Look at If-Modified-Since for GET and HEAD only."
    WritePerformedAnyway "write-performed-anyway" DataLost Must "13.1.1"
        "A PUT is answered 412 and performed nevertheless"
        "The client believes that nothing was written."
        "Evaluate before writing, not after."
    WriteTagStays "write-tag-stays" DataLost Must "8.8.1"
        "The strong tag does not change when the content does"
        "The next client that compares tags writes over the change, and readers keep the old content."
        "Make the tag from the content or from a version that every write increments; a time in seconds or milliseconds is not enough."
    WriteTagWrong "write-tag-wrong" DataLost Must "9.3.4"
        "PUT answers with an ETag that the next GET does not have"
        "The client's next write is refused, or guards another version."
        "Send the tag of what was stored, or none."
    DeleteIfMatchIgnored "delete-if-match-ignored" DataLost Must "13.1.1"
        "DELETE is performed although If-Match does not match"
        "A client deletes a version that it has never seen."
        "Evaluate the conditions for DELETE as for PUT."
    PatchIfMatchIgnored "patch-if-match-ignored" DataLost Must "13.1.1"
        "PATCH is performed although If-Match does not match"
        "A change meant for one version is applied to another."
        "Evaluate the conditions for PATCH as for PUT."
    RaceUpdate "race-update" DataLost Must "13.2.1"
        "When many clients write with the same tag, several succeed"
        "Two saves at the same moment: both are told that they succeeded, and one is gone."
        "Compare and write in one lock, one transaction, or one UPDATE .. WHERE version = .."
    RaceCreate "race-create" DataLost Must "13.2.1"
        "When many clients create the same thing, several succeed"
        "Two are told that they created it, and the content of one is gone."
        "Create with the exclusive flag of the file system or the unique index of the database."
    // With --cache.
    CacheNoValidation "cache-no-validation" Wasted Should "RFC 9111 4.3.1"
        "The cache fetches a stale answer again and does not ask whether it has changed"
        "Everything is transferred from the origin again each time it expires."
        "Switch revalidation on (nginx: proxy_cache_revalidate on)."
    CacheNotFreshened "cache-not-freshened" Wasted Must "RFC 9111 3.2, 4.3.4"
        "The cache does not take over the fields of a 304"
        "New caching rules and fields of the origin never arrive."
        "Update the stored fields from each 304."
    CacheNoNotModified "cache-no-304" Wasted Should "RFC 9111 4.3.2"
        "The cache sends the whole content to a client that has it"
        "Everything is transferred to each client each time."
        "Let the cache evaluate If-None-Match against what it stores."
    CacheNoNotModifiedByDate "cache-no-304-by-date" Wasted Should "RFC 9111 4.3.2"
        "The cache sends the whole content to a client whose If-Modified-Since says that it has it"
        "Clients that know only a date get the whole content again each time."
        "Let the cache evaluate If-Modified-Since against what it stores."
    CacheWrongNotModified "cache-wrong-304" Stale Must "RFC 9111 4.3.2"
        "The cache answers 304 to a client that has another version"
        "The client goes on with old content."
        "Compare the client's tags with the tag of the stored answer."
    CacheForeignNotModified "cache-foreign-304" Stale Must "RFC 9111 4.3.2"
        "The cache hands on a 304 that answers its own question and not the client's"
        "The client, which has another version, keeps it; or has nothing to show."
        "Where a 304 names a tag that the client did not send, answer 200 from the store."
    CacheDateBeside "cache-ims-beside" Stale Must "13.1.3"
        "The cache gives a 304 by date although If-None-Match does not match"
        "A client with another version keeps it."
        "Look at If-Modified-Since only where there is no If-None-Match."
    CacheVariants "cache-variants" Stale Must "RFC 9111 4.1"
        "The cache gives the variant of one client to another"
        "People get the wrong language, or bytes that they cannot read."
        "Make the fields that Vary names part of the cache key."
    CacheStale "cache-stale" Stale Must "RFC 9111 4.2.4, 5.2.2.2"
        "The cache serves a stale answer though must-revalidate forbids it"
        "Clients see what is no longer true."
        "Respect max-age and must-revalidate of the origin; do not override them."
    CacheNoCache "cache-no-cache" Stale Must "RFC 9111 5.2.2.4"
        "The cache reuses an answer with no-cache without asking"
        "Clients see what is no longer true."
        "Validate before each reuse where the origin says no-cache."
    CacheNoStore "cache-no-store" Stale Must "RFC 9111 5.2.2.5"
        "The cache stores an answer with no-store"
        "What is private to one person may be shown to another."
        "Do not store what says no-store."
    CacheNotInvalidated "cache-not-invalidated" Stale Must "RFC 9111 4.4"
        "After a successful write through it the cache serves what it had stored before"
        "A person saves, reloads, and sees the old text."
        "Drop what is stored for a URI when a write to it succeeds."
    CacheRangeGlued "cache-range" WrongBytes Must "13.1.5, RFC 9111 3.4"
        "The cache sends a part although If-Range names another version"
        "A resumed download is glued together from two versions."
        "Evaluate If-Range against the stored answer, or forward it."
    CachePartWrong "cache-part-wrong" WrongBytes Must "14.1.2, RFC 9111 3.3"
        "The cache answers with bytes other than those that were asked for, or with a part as if it were the whole content"
        "Clients get damaged content."
        "Cut ranges from complete answers only; do not store a part as the whole content."
    CacheIfMatch "cache-if-match" Letter Must "RFC 9111 4.3.2"
        "The cache does not pass on If-Match but answers 412 itself"
        "Only the origin knows the current version: a right request is refused."
        "Forward requests with If-Match and If-Unmodified-Since."
    CacheNoAge "cache-no-age" Letter Must "RFC 9111 4"
        "A stored answer comes without Age"
        "The next cache keeps it too long."
        "Send Age with everything that comes from the store."
    // Left open by the RFC.
    IfRangeNever "if-range-never" Wasted Choice "13.1.5"
        "A matching If-Range does not let Range apply"
        "An interrupted download starts from the beginning each time."
        "Honour Range where If-Range holds the current strong tag."
    IfModifiedSinceExact "if-modified-since-exact" Wasted Choice "13.1.3"
        "If-Modified-Since gives a 304 only if it equals Last-Modified"
        "Clients that send the time of their last visit get the whole content again each time."
        "Answer 304 to later dates too (nginx: if_modified_since before)."
    OnlyWeakTag "only-weak-etag" Wasted Choice "8.8.1"
        "The only tag is a weak one"
        "If-Match can never succeed with it, and no download can be resumed by it."
        "Give out a strong tag where equal tags mean equal bytes."
    NoRanges "no-ranges" Wasted Choice "14.2"
        "Ranges are not served"
        "Downloads cannot be resumed."
        "Serve single ranges, at least of files."
    RangesPromised "ranges-promised" Wasted Choice "14.3"
        "Accept-Ranges: bytes is sent, and Range is ignored"
        "Clients try to resume, and start again."
        "Serve ranges, or leave Accept-Ranges out."
    IfRangeDateWeak "if-range-date-accepted" WrongBytes Choice "13.1.5, 8.8.2.2"
        "A download can be resumed by date: If-Range with Last-Modified"
        "Two versions of one second have the same date, and a download can be glued together from both."
        "Accept it only if the date is known to be exact."
    HeadLacks "head-lacks-fields" Wasted Choice "9.3.2"
        "HEAD lacks a validator that GET has"
        "A client that checks by HEAD learns nothing."
        "Send the same fields for HEAD, where that costs little."
    ClosesAfterNotModified "closes-after-304" Wasted Choice "RFC 9112 9.3"
        "The connection is closed after a 304 or a HEAD"
        "Each check costs a new connection."
        "Keep the connection open."
    ReadsMalformed "reads-malformed" Letter Choice "2.4"
        "Fields that are not written as they should be are read as what was probably meant"
        "It hurts nobody as long as the guess is right."
        "Nothing has to be done."
    RangeMalformedRefused "range-malformed-refused" Letter Choice "14.2"
        "A malformed Range is answered with an error"
        "It hurts hardly anybody. Most servers ignore such a Range, and send the whole content."
        "Nothing has to be done."
    CacheNotACache "cache-stores-nothing" Wasted Choice "RFC 9111 3"
        "The cache stores nothing, although the origin says max-age"
        "Every request reaches the origin, and the rest of the rules cannot be seen."
        "Switch caching on for this path."
}
