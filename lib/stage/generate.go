package stage

import "github.com/sl-suite/sl/lib/record"

// A Proposer makes rules of one language from events, and merges rules that
// were made elsewhere.
type Proposer interface {
	AddEvent(*record.Event) error
	AddRule(*record.Rule) error
	AddNote(*record.Note) error
	Rules() ([]record.Rule, error)
	Notes() []record.Note
}

// Generator is the life of a generator: it reads a stream, feeds a proposer with
// what is of its language, and writes the rules and notes at each mark and at
// the end. Whatever is of another language is passed on as it came, so that
// generators can stand one behind the other.
type Generator struct {
	Lang string                   // record.AppArmor or record.Netfilter
	New  func() (Proposer, error) // an empty one; a mark starts afresh

	// Text, where it is not nil, makes the output text for people: everything
	// of another language is left out, and marks are ignored.
	Text func(dst []byte, rules []record.Rule, notes []record.Note) []byte
}

// Run is the generator's Program.Run. With must, making no rule is status 4.
func (g *Generator) Run(s *Session, must bool) error {
	s.Text = g.Text != nil
	proposer, err := g.New()
	if err != nil {
		return err
	}
	rules := 0
	write := func() error {
		made, err := proposer.Rules()
		if err != nil {
			return err
		}
		notes := proposer.Notes()
		rules += len(made)
		if g.Text != nil {
			s.Out.Put(g.Text(s.Out.Buffer(), made, notes), 0)
			return nil
		}
		for i := range made {
			s.Out.Put(record.AppendRule(s.Out.Buffer(), &made[i]), 1)
		}
		for i := range notes {
			s.Out.Put(record.AppendNote(s.Out.Buffer(), &notes[i]), 1)
		}
		return nil
	}
	pass := func(line []byte) {
		s.End.Skipped++
		if g.Text == nil {
			s.Pass(line)
		}
	}
	records := false
	err = s.Stream(nil, func(m *record.Message, line []byte) error {
		s.End.In++
		switch {
		case m.Type == record.TypeEvent && m.Event.Kind == g.Lang:
			if err := proposer.AddEvent(&m.Event); err != nil {
				s.Unusable(m.Event.File, m.Event.Line, err)
			}
		case m.Type == record.TypeRule && m.Rule.Lang == g.Lang:
			if err := proposer.AddRule(&m.Rule); err != nil {
				s.Unusable("standard input", s.line, err)
			}
		case m.Type == record.TypeNote && m.Note.Lang == g.Lang:
			if err := proposer.AddNote(&m.Note); err != nil {
				s.Unusable("standard input", s.line, err)
			}
		case m.Type == record.TypeMark && g.Text == nil:
			if err := write(); err != nil {
				return err
			}
			s.Pass(line)
			proposer, err = g.New()
			return err
		case m.Type == record.TypeSource || m.Type == record.TypeRecord:
			s.End.Skipped++
			records = true
		default:
			pass(line)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if records {
		s.Hint("log lines came in: they go through sl-parse first")
	}
	if err := write(); err != nil {
		return err
	}
	s.Nothing = must && rules == 0
	return nil
}
