package main

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/repeat"
	"github.com/sl-suite/sl/lib/stage"
)

// windowSize is how many audit records are remembered to know them again.
const windowSize = 16384

// maxParts bounds the parts that a block is read in: more would wait for the
// blocks.
const maxParts = 4

// classifier passes log lines through the parser and writes what comes out.
type classifier struct {
	*flags
	s       *stage.Session
	parser  *kernlog.Parser
	sources map[string]*record.Source // by id
	parts   []*part                   // one for each processor
	minPart int                       // bytes; less is not worth waking somebody
	window  *repeat.Window
	table   *repeat.Table // nil without -u
	stats   stats
	limited limited
	export  kernlog.Export
}

func newClassifier(f *flags, s *stage.Session) (*classifier, error) {
	zone, err := f.zone()
	if err != nil {
		return nil, err
	}
	s.ErrorLines = f.Errors
	c := &classifier{
		flags: f, s: s, sources: map[string]*record.Source{}, window: repeat.NewWindow(windowSize), limited: limited{}, minPart: 32 << 10,
		parser: kernlog.New(kernlog.Config{Prefixes: f.Table, Year: f.Year, Zone: zone, Input: f.InputName}),
	}
	for range min(runtime.GOMAXPROCS(0), maxParts) {
		c.parts = append(c.parts, &part{c: c})
	}
	if f.Stats {
		c.stats = stats{}
	}
	if f.Unique {
		c.table = repeat.NewTable(f.MaxUnique, c.write)
	}
	return c, nil
}

// raw takes raw lines.
func (c *classifier) raw(block []byte, first uint64) error {
	if _, ok := record.TypeOf(block); ok && first == 1 {
		return stage.WithHint(errors.New("standard input:1: not log text, but a record"), "records are read without -R")
	}
	c.read(block, first, (*part).raw)
	return nil
}

// records takes the lines at the beginning of a block that are records in the
// form that sl-read gives them.
func (c *classifier) records(block []byte, first uint64) (size int, lines uint64) {
	for size < len(block) {
		if !record.IsRecord(block[size:]) {
			break
		}
		lines++
		n := bytes.IndexByte(block[size:], '\n')
		if n < 0 {
			size = len(block)
			break
		}
		size += n + 1
	}
	if size > 0 {
		c.read(block[:size], first, (*part).records)
	}
	return size, lines
}

// read cuts lines into parts, reads these side by side, and takes what was found
// in the order of the lines.
func (c *classifier) read(block []byte, first uint64, how func(*part, []byte, uint64)) {
	n := min(len(c.parts), 1+len(block)/c.minPart)
	var side sync.WaitGroup
	for i, p := range c.parts[:n] {
		size := len(block)
		if i < n-1 {
			size /= n - i
			if end := bytes.IndexByte(block[size:], '\n'); end >= 0 {
				size += end + 1
			} else {
				size = len(block)
			}
		}
		lines, number := block[:size], first
		block = block[size:]
		count := stage.CountLines(lines)
		first += count
		c.s.End.In += count
		c.s.End.Skipped += count
		if i == n-1 {
			how(p, lines, number)
		} else {
			side.Go(func() { how(p, lines, number) })
		}
	}
	side.Wait()
	for _, p := range c.parts[:n] {
		c.take(p)
	}
}

var newline = []byte{'\n'}

// message takes one line of the stream that is no record, or one in another form.
func (c *classifier) message(m *record.Message, line []byte) error {
	switch m.Type {
	case record.TypeSource:
		src := m.Source
		c.sources[src.ID] = &src
	case record.TypeRecord:
		c.s.End.In++
		c.s.End.Skipped++
		p := c.parts[0]
		p.reset()
		if kernlog.Found(m.Record.Text) {
			p.record(&m.Record)
		}
		c.take(p)
	case record.TypeMark:
		c.drain()
		c.s.Pass(line)
	default:
		c.s.Pass(line)
	}
	return nil
}

// take writes what was found in a part. Its lines were counted as skipped.
func (c *classifier) take(p *part) {
	from, to, lines := 0, 0, uint64(0) // events that stand together and are still to be written
	write := func() {
		c.s.Out.PutLines(p.out[from:to], lines)
		from, lines = to, 0
	}
	defer write()
	for i := range p.found {
		f := &p.found[i]
		if lines > 0 && f.from != to {
			write()
		}
		switch {
		case f.broken:
			c.s.End.In--
			c.s.End.Skipped--
			c.stats.add("cannot be used", "")
			c.s.Unusable("standard input", f.line, f.err)
		case f.err != nil:
			c.s.End.Skipped--
			c.stats.add("cannot be used", "")
			c.s.UnusableText(f.file, f.line, withJournal(f.err, f.text), f.text)
		case f.Kind == kernlog.Loss:
			c.s.End.Skipped--
			c.stats.add("report of loss", "")
			c.lost(f)
		case f.leftOut:
			c.stats.skip(leftOut)
		case c.window.Again(f.key, f.trust):
			c.stats.skip(metBefore)
		default:
			c.s.End.Skipped--
			c.stats.event(f.sorts)
			c.limited.add(f)
			if c.table == nil {
				if lines == 0 {
					from = f.from
				}
				to = f.to
				lines++
			} else {
				c.table.Add(f.same, f.time, p.out[f.from:f.to])
			}
		}
	}
}

// write writes the line of an event.
func (c *classifier) write(line []byte) { c.s.Out.PutLines(line, 1) }

// drain writes what waits for others of its kind.
func (c *classifier) drain() {
	if c.table != nil {
		c.table.Drain()
	}
	for _, note := range c.limited.drain() {
		c.s.End.Lost++
		c.s.Out.Put(record.AppendNote(c.s.Out.Buffer(), note), 1)
	}
}

// lost passes on that messages are missing.
func (c *classifier) lost(f *found) {
	c.s.End.Lost += f.Lost
	c.s.Out.Put(record.AppendNote(c.s.Out.Buffer(), &record.Note{
		Kind: "lost",
		Text: fmt.Sprintf("%s:%d: at least %d messages are missing here: %.200q", f.file, f.line, f.Lost, f.Text),
		Hint: "rules made from this log may be incomplete",
		Evidence: record.Evidence{
			Count: f.Lost, Trust: f.Trust, Reason: f.Reason, Sample: record.Sample{File: f.file, Line: f.line},
		},
	}), 1)
}

func (c *classifier) finish() {
	c.drain()
	if c.stats != nil {
		c.stats.say(c.s)
	}
}
