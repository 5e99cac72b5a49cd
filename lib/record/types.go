package record

// Version is the version of the stream format, the "v" of every line.
const Version = 1

// Bounds of the stream, in bytes. A longer line is an error, never cut in
// silence.
const (
	MaxLine    = 1 << 20  // one line of the stream, with its newline
	MaxLogLine = 64 << 10 // one log line, before it is framed as a record
)

// Type says what one line of the stream is.
type Type uint8

// The types of a line. TypeUnknown is a well-formed line of a type that this
// version does not know: it is passed over and counted.
const (
	TypeUnknown Type = iota
	TypeSource
	TypeRecord
	TypeEvent
	TypeRule
	TypeNote
	TypeError
	TypeMark
	TypeEnd
)

var typeNames = [...]string{"unknown", "source", "record", "event", "rule", "note", "error", "mark", "end"}

// String returns the name that stands in the stream.
func (t Type) String() string { return typeNames[t] }

// Kinds of events: which part of the kernel spoke.
const (
	AppArmor  = "apparmor"
	Netfilter = "netfilter"
)

// Source is what sl-read opened, described by the kernel (fstat) and not by the
// text that it read. Trust is worked out from it.
type Source struct {
	ID    string // names the source in its records: 16 hex digits of a hash over all other fields
	Kind  string // "file", "stdin", "pipe", "device", ...: what the descriptor is
	Path  string // as named by the user; "-" for standard input
	Dev   string // "major:minor", decimal
	Ino   uint64
	UID   uint32 // owner
	GID   uint32
	Mode  string // permission bits, octal, four digits: "0640"
	Size  uint64 // bytes, when opened
	Mtime string // RFC 3339, UTC
	Audit string // why nobody but auditd has written it: AuditPath, AuditVouched, or ""
	// Journal: it is a file of systemd's journal, JournalOwn or JournalOther, else "".
	// A record of it is an entry in the Journal Export Format, and its line the entry's
	// number.
	Journal string
}

// Values of Source.Journal.
const (
	JournalOwn   = "own"   // nobody but this machine's journald has written it
	JournalOther = "other" // anybody may have, such as systemd-journal-remote
)

// Values of Source.Audit.
const (
	AuditPath    = "path"    // it is where auditd keeps its log
	AuditVouched = "vouched" // the user says so
)

// Record is one log line of a source.
type Record struct {
	Src  string // Source.ID
	Line uint64 // from 1
	Text string // the line without its newline, exact bytes
}

// Event is one kernel message, taken apart.
type Event struct {
	Kind   string // AppArmor or Netfilter
	Trust  Trust  // how far it can be believed
	Reason string // why no further
	// Netfilter: what Trust would be if the log prefix were one of the firewall's;
	// TrustNone where it is known, or would make no difference.
	PrefixTrust Trust
	Time        string  // RFC 3339 with offset; "" where the log does not say
	Audit       string  // "seconds.millis:serial" of audit(...), else ""
	Host        string  // as the carrier says, else ""
	Carrier     string  // "audit", "syslog", "dmesg", ...: how the line was framed
	File        string  // Source.Path
	Line        uint64  // Record.Line, 0 if unknown
	Count       uint64  // how many equal events this one stands for, at least 1
	First       string  // with Count > 1: time of the first ...
	Last        string  // ... and of the last
	Fields              // what the message says
	Inner       *Fields // the packet quoted in an ICMP error; another flow
}

// Rule is one rule in one rule language, with what speaks for it.
type Rule struct {
	Lang     string   // AppArmor or Netfilter
	Profile  string   // AppArmor: the profile it belongs into, without namespace
	Syntax   string   // Netfilter: "nft", "iptables-restore", ...
	Family   string   // Netfilter: "ip", "ip6"
	Chain    string   // Netfilter: "input", "output", "forward"
	Text     string   // canonical text; the only field that is ever written to a policy
	Typed    []Attr   // the same rule taken apart, for jq; must agree with Text
	Made     []string // generalisations that made it wider than its evidence, by name
	Danger   uint8    // 0 to 10
	Why      string   // the reason for Danger
	Evidence Evidence
}

// Attr is one property of a typed rule: a string, a list of strings, or a flag.
type Attr struct {
	Name string
	Text string   // when List is nil and Flag is false
	List []string // when not nil
	Flag bool     // true is written as JSON true; false is not written at all
}

// Evidence is what a rule or note was made from: lines of one trust, as the generators
// make it. Merging is associative and
// commutative: counts add up, times and trust take their extremes, and the
// bounded lists keep their smallest members.
type Evidence struct {
	Count  uint64
	First  string // RFC 3339, "" unknown
	Last   string
	Trust  Trust    // the lowest of all
	Reason string   // why the lowest is no higher
	Audits []string // the smallest MaxAudits audit ids, sorted
	Comms  []string // the smallest MaxComms process names, sorted
	Sample Sample   // the smallest by time, audit id, host, file and line
}

// Bounds of the lists of an Evidence.
const (
	MaxAudits = 8
	MaxComms  = 8
)

// Sample is one event of an Evidence: enough to find its line again.
type Sample struct {
	Time  string
	Audit string
	Host  string
	File  string
	Line  uint64
}

// Note is something a person should know: events that were lost, a denial that
// cannot become a rule.
type Note struct {
	Kind     string // a word for scripts: "lost", "unsupported", "exec", ...
	Lang     string // AppArmor, Netfilter or ""
	Profile  string // AppArmor: which profile it is about
	Text     string // one sentence for people, log text in it quoted by %q
	Hint     string // what to do, or ""
	Evidence Evidence
}

// Error is one input line that could not be used.
type Error struct {
	File string
	Line uint64
	Err  string // what was wrong
	Hint string // what to do, or ""
	Text string // the line, at most MaxErrorText bytes of it
}

// MaxErrorText bounds Error.Text, in bytes.
const MaxErrorText = 1024

// Position is how far a source was read.
type Position struct {
	Path   string
	Dev    string
	Ino    uint64
	Offset uint64 // bytes read and passed on, to the end of a line
	Line   uint64 // lines read
}

// Mark is a commit point: everything before it may be acted upon.
type Mark struct {
	Sources []Position
}

// End is the last line of a stream. In, Out and Skipped are those of the stage
// that wrote it; Errors and Lost are summed up over all stages before it.
type End struct {
	Stage   string
	In      uint64 // lines read, of whatever type the stage works on
	Out     uint64 // lines written, end itself not counted
	Skipped uint64 // lines in which there was nothing for this stage
	Errors  uint64 // lines that could not be used
	Lost    uint64 // messages that the kernel or a logger says it dropped, at least
	Sources []Position
	Sandbox []string // the layers in force
}
