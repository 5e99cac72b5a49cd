package main

import (
	"bytes"
	"unsafe"

	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/repeat"
)

// A part is some lines of a block, and what was found in them. The parts of a
// block are read side by side; what a line is does not depend on another one.
// What does (is it a repetition? how many were lost?) is asked afterwards, in
// the order of the lines.
type part struct {
	c       *classifier // only looked at
	finder  kernlog.Finder
	r       record.Record
	scratch []byte // what the texts of records are after their escapes
	m       record.Message
	entry   kernlog.Entry
	ev      record.Event
	found   []found
	out     []byte // the events as they are to be written
}

// found is a line that is not skipped. Its texts are those of the block, and go
// with it.
type found struct {
	kernlog.Result
	err      error
	broken   bool // err says that it is no record
	file     string
	line     uint64
	text     string      // with err: of the log; with Limited: its prefix
	from, to int         // where in out the event is, nowhere if it is left out
	leftOut  bool        // by --only
	sorts    sorts       // with --stats
	key      repeat.Key  // to know the record again
	same     repeat.Same // with -u
	time     string
	trust    record.Trust
}

// reset forgets the last lines; the memory stays.
func (p *part) reset() {
	p.found, p.out, p.scratch = p.found[:0], p.out[:0], p.scratch[:0]
}

// raw reads lines of raw text; first is the number of the first. Only those with
// a marker are looked at.
func (p *part) raw(block []byte, first uint64) {
	p.reset()
	p.finder.Reset(block)
	number, from := first, 0
	for at := p.finder.Next(0); at >= 0; at = p.finder.Next(from) {
		start, end := lineAround(block, from, at)
		number += uint64(bytes.Count(block[from:start], newline))
		p.line(view(block[start:end]), "-", number, nil)
		number++
		from = min(end+1, len(block))
	}
}

// records reads lines of the stream that are all records; first is the number of
// the first.
func (p *part) records(block []byte, first uint64) {
	p.reset()
	p.finder.Reset(block)
	from := 0
	for at := p.finder.Next(0); at >= 0; at = p.finder.Next(from) {
		start, end := lineAround(block, from, at)
		line := block[start:end]
		if p.r.Unframe(line, &p.scratch) {
			p.record(&p.r)
		} else if err := p.m.Decode(line); err == nil {
			p.record(&p.m.Record)
		} else {
			p.found = append(p.found, found{err: err, broken: true, line: first + uint64(bytes.Count(block[:start], newline))})
		}
		from = min(end+1, len(block))
	}
}

// lineAround returns where the line around an offset begins and ends; from is the
// beginning of that line or of one before it. Where denials stand close together,
// it is the next one.
func lineAround(block []byte, from, at int) (start, end int) {
	end = lineEnd(block, from)
	if end >= at {
		return from, end
	}
	return from + bytes.LastIndexByte(block[from:at], '\n') + 1, lineEnd(block, at)
}

func lineEnd(block []byte, from int) int {
	if n := bytes.IndexByte(block[from:], '\n'); n >= 0 {
		return from + n
	}
	return len(block)
}

// record reads one record in which there is a marker.
func (p *part) record(r *record.Record) {
	src := p.c.sources[r.Src]
	file := r.Src
	if src != nil {
		file = src.Path
	}
	if src != nil && src.Journal != "" {
		p.journal(r, src)
		return
	}
	p.line(r.Text, file, r.Line, src)
}

// journal reads a record that is an entry of a journal.
func (p *part) journal(r *record.Record, src *record.Source) {
	res, err := p.c.parser.ParseJournal(r.Text, src, &p.entry, &p.ev)
	p.add(found{Result: res, err: err, file: src.Path, line: r.Line, text: p.entry.Message()})
}

// line reads one log line.
func (p *part) line(text, file string, number uint64, src *record.Source) {
	res, err := p.c.parser.ParseFound(text, src, &p.ev)
	p.add(found{Result: res, err: err, file: file, line: number, text: text})
}

// add keeps what a line is, unless it is nothing. An event is in p.ev.
func (p *part) add(f found) {
	if f.err == nil {
		switch f.Kind {
		case kernlog.Skip:
			return
		case kernlog.Event:
			p.event(&f)
		}
	}
	p.found = append(p.found, f)
}

// event writes down what is to be known of an event until its turn comes.
func (p *part) event(f *found) {
	c, ev := p.c, &p.ev
	if c.Only != "" && ev.Kind != c.Only {
		f.leftOut = true
		return
	}
	ev.File, ev.Line = f.file, f.line
	f.key, f.trust = c.window.Key(ev, f.Fields), ev.Trust
	if c.table != nil {
		f.same, f.time = c.table.Same(ev, f.Fields), ev.Time
	}
	if c.stats != nil {
		f.sorts = sortsOf(ev)
	}
	if f.Limited != "" {
		f.text = ev.Fields[record.FPrefix]
	}
	f.from = len(p.out)
	p.out = record.AppendEventOf(p.out, ev, f.Fields)
	f.to = len(p.out)
}

// view returns a line of a block as a string without a copy: it is valid as long
// as the block.
func view(line []byte) string { return unsafe.String(unsafe.SliceData(line), len(line)) }
