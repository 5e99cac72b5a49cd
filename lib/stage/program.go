package stage

import (
	"cmp"
	"errors"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
)

// Version is the version of the whole suite, for the -V of its programs.
const Version = "0.1.0"

// Exit statuses; the package comment says when each is used.
const (
	ExitOK      = 0
	ExitInput   = 1
	ExitFatal   = 2
	ExitSandbox = 3
	ExitNone    = 4
)

// A Program is one filter.
type Program struct {
	Name     string   // "sl-parse"; its manual, which -h names, is sl-parse(1)
	Version  string   // for -V; empty for a program of the suite
	About    string   // one line
	Synopsis []string // one or more usage lines, without the name
	Flags    Flags    // pointer to a struct that embeds Common and has kong's tags

	// ReadsInput says that standard input is read: a terminal there is refused.
	ReadsInput bool

	// Policy is what the program may do once it is confined.
	Policy sandbox.Policy

	// Open opens what the flags name, with full privileges. It is called in
	// the first start only and may be nil. What it puts into exported fields of
	// Flags (tagged kong:"-") is there in the second start, too.
	Open func(*First) error

	// Run is the filter itself. It is called in the second start only. An
	// error ends the program with status 2.
	Run func(*Session) error

	// Companions are what a second process can do for Run; Open says which one is to.
	Companions []Companion
}

// A Companion is a second process beside the filter, see [sandbox.Companion]. The
// flags are there, too.
type Companion struct {
	Policy sandbox.Policy // of the companion
	With   sandbox.Policy // of the filter that has it, instead of Program.Policy

	// Does is what a message about "the companion that ..." calls it by: "checks".
	Does string

	// Hint is what to do where the companion cannot be confined.
	Hint string

	// Run is called in the companion, when it is locked in. It returns when the
	// filter has ended. An error ends the companion; the filter prints it, the next time
	// that it turns to the companion, and ends, too.
	Run func(*Beside) error
}

// version is the answer to -V.
func (p *Program) version() string { return p.Name + " " + cmp.Or(p.Version, Version) + "\n" }

// First is the first start: what Open works with.
type First struct {
	messages
	Inputs  []int    // descriptors to keep; in the second start they are Session.Inputs
	Folders []string // absolute paths of folders to write in; there Session.Folders

	// Companion is nil, or what the companion is to have; its Blob is not used.
	Companion *sandbox.Handoff
	Which     int // of Program.Companions
}

// Main runs the program and returns its exit status. In the first start it
// returns only if there is nothing to run or something failed.
func Main(p *Program) int {
	m := messages{name: p.Name}
	if err := sandbox.Raised(); err != nil {
		m.Fatal("", err)
		return ExitSandbox
	}
	switch role, which := sandbox.Started(); {
	case role == sandbox.FirstStart:
	case role == sandbox.SecondStart:
		return second(p, p.Policy, "", m)
	case which < 0 || which >= len(p.Companions):
		m.print("", 0, "sandbox: environment: this program has no such companion")
		return ExitSandbox
	case role == sandbox.CompanionItself:
		return beside(p, &p.Companions[which], m)
	default:
		return second(p, p.Companions[which].With, p.Companions[which].Does, m)
	}
	done, err := parseArgs(p, args())
	if err != nil {
		m.Fatal("", withInput(p, err))
		m.usage(p)
		return ExitFatal
	}
	m.quiet = p.Flags.common().Quiet
	if done != "" {
		return m.output(done)
	}
	return first(p, m)
}

// output prints the answer to -h, -V or --schema on standard output.
func (m *messages) output(text string) int {
	out := NewOutput(1)
	out.WriteString(text)
	if err := out.Flush(); err != nil {
		m.Fatal("standard output", err)
		return ExitFatal
	}
	return ExitOK
}

func first(p *Program, m messages) int {
	f := &First{messages: m}
	if err := sandbox.Filtered(); err != nil {
		f.Fatal("", err)
		return ExitSandbox
	}
	if p.Open != nil {
		if err := p.Open(f); err != nil {
			f.Fatal("", err)
			return ExitFatal
		}
	}
	if err := wantInput(p); err != nil {
		f.Fatal("", err)
		return ExitFatal
	}
	widenPipes()
	mode := sandbox.Default
	if p.Flags.common().Sandbox == "require-all" {
		mode = sandbox.RequireAll
	}
	known, err := pack(f.used, p.Flags)
	if err != nil {
		f.Fatal("", err)
		return ExitFatal
	}
	policy := p.Policy
	h := sandbox.Handoff{Inputs: f.Inputs, Folders: f.Folders, Blob: known}
	if c := f.Companion; c != nil {
		policy = p.Companions[f.Which].With
		c.Blob = known
		h.Companion = &sandbox.Companion{Policy: p.Companions[f.Which].Policy, Handoff: *c, Which: f.Which}
	}
	err = sandbox.Enter(policy, h, mode)
	var beside *sandbox.CompanionError
	if errors.As(err, &beside) && p.Companions[f.Which].Hint != "" {
		hint := p.Companions[f.Which].Hint
		if why := hintOf(err); why != "" {
			hint = why + "; " + hint
		}
		err = WithHint(err, hint)
	}
	f.Fatal("", err)
	return ExitSandbox
}

// lock is the beginning of every second start.
func (m *messages) lock(policy sandbox.Policy, f Flags) (*sandbox.Inside, error) {
	inside, err := sandbox.Lock(policy)
	if err != nil {
		return nil, err
	}
	if m.used, err = unpack(inside.Blob, f); err != nil {
		return nil, err
	}
	m.quiet = f.common().Quiet
	return inside, nil
}

func second(p *Program, policy sandbox.Policy, companion string, m messages) int {
	inside, err := m.lock(policy, p.Flags)
	if err != nil {
		m.Fatal("", err)
		return ExitSandbox
	}
	common := p.Flags.common()
	s := &Session{messages: m, Inside: inside, Out: NewOutput(1), partial: common.Partial, companion: companion}
	if common.Sandbox == "report" {
		return s.report()
	}
	s.End = record.End{Stage: p.Name, Errors: uint64(s.used)}
	for _, l := range inside.Layers {
		if l.On {
			s.End.Sandbox = append(s.End.Sandbox, l.Name)
		}
	}
	return s.finish(p.Run(s))
}

// report prints the layers, and those of the companion where there is one.
func (s *Session) report() int {
	text := report("", s.Layers)
	if s.Socket >= 0 {
		b := make([]byte, 64<<10)
		n, err := s.Answer(b)
		if err != nil {
			return s.failed(err)
		}
		text += string(b[:n])
	}
	return s.output(text)
}

// report says which layers are in force, a line each that begins with prefix.
func report(prefix string, layers []sandbox.Layer) string {
	var text []byte
	for _, l := range layers {
		text = append(text, prefix...)
		text = append(text, l.Name...)
		if l.On {
			text = append(text, ": in force"...)
		} else {
			text = append(text, ": not in force"...)
		}
		if l.Why != "" {
			text = append(text, ": "...)
			text = append(text, l.Why...)
		}
		text = append(text, '\n')
	}
	return string(text)
}

// wantInput refuses to wait for a person to type records into a terminal.
func wantInput(p *Program) error {
	if !p.ReadsInput || p.Flags.common().Sandbox == "report" {
		return nil
	}
	if _, err := unix.IoctlGetTermios(0, unix.TCGETS); err == nil {
		return errors.New("standard input is a terminal: pipe something in, see the page's EXAMPLES")
	}
	return nil
}

// widenPipes makes the pipes of the chain 1 MiB, so that the stages run side by
// side instead of in turns. Where that is not allowed they work as they are.
func widenPipes() {
	for fd := range 2 {
		unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, 1<<20)
	}
}
