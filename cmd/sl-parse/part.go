package main

import (
	"bytes"

	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/repeat"
)

// A part is some lines of a block, and what was found in them. The parts of a
// block are read side by side; what a line is does not depend on another one.
// What does (is it a repetition? how many were lost?) is asked afterwards, in
// the order of the lines.
type part struct {
	c      *classifier // only looked at
	finder kernlog.Finder
	m      record.Message
	entry  kernlog.Entry
	found  []found
	events []record.Event // one for each found, empty where it is no event
	out    []byte         // the events as they are to be written
}

// found is a line that is not skipped.
type found struct {
	kernlog.Result
	err      error
	broken   bool // err says that it is no record
	file     string
	line     uint64
	text     string // with err: of the log
	key      repeat.Key
	from, to int // where in out the event is; nowhere if it is to wait or to be left out
}

// reset forgets the last lines; the memory stays.
func (p *part) reset() {
	p.found, p.out = p.found[:0], p.out[:0]
}

// raw reads lines of raw text; first is the number of the first. Only those with
// a marker are looked at.
func (p *part) raw(block []byte, first uint64) {
	p.reset()
	p.finder.Reset(block)
	number, from := first, 0
	for at := p.finder.Next(0); at >= 0; at = p.finder.Next(from) {
		start := from + bytes.LastIndexByte(block[from:at], '\n') + 1
		number += uint64(bytes.Count(block[from:start], newline))
		text, _, _ := bytes.Cut(block[start:], newline)
		p.line(string(text), "-", number, nil)
		number++
		from = min(start+len(text)+1, len(block))
	}
}

// records reads lines of the stream that are all records; first is the number of
// the first.
func (p *part) records(block []byte, first uint64) {
	p.reset()
	p.finder.Reset(block)
	from := 0
	for at := p.finder.Next(0); at >= 0; at = p.finder.Next(from) {
		start := from + bytes.LastIndexByte(block[from:at], '\n') + 1
		line, _, _ := bytes.Cut(block[start:], newline)
		if err := p.m.Decode(line); err != nil {
			p.slot()
			p.found = append(p.found, found{err: err, broken: true, line: first + uint64(bytes.Count(block[:start], newline))})
		} else {
			p.record(&p.m.Record)
		}
		from = min(start+len(line)+1, len(block))
	}
}

// record reads one record.
func (p *part) record(r *record.Record) {
	src := p.c.sources[r.Src]
	file := r.Src
	if src != nil {
		file = src.Path
	}
	p.line(r.Text, file, r.Line, src)
}

// line reads one log line.
func (p *part) line(text, file string, number uint64, src *record.Source) {
	ev := p.slot()
	res, err := p.c.parser.ParseText(text, src, ev)
	p.add(found{Result: res, err: err, file: file, line: number, text: text}, ev)
}

// slot returns the event that belongs to the next found.
func (p *part) slot() *record.Event {
	if len(p.found) == len(p.events) {
		p.events = append(p.events, record.Event{})
	}
	return &p.events[len(p.found)]
}

// add keeps what a line is, unless it is nothing.
func (p *part) add(f found, ev *record.Event) {
	if f.err == nil {
		f.text = "" // not to hold the line
		switch f.Kind {
		case kernlog.Skip:
			return
		case kernlog.Event:
			ev.File, ev.Line = f.file, f.line
			f.key = p.c.window.Key(ev)
			if p.c.table == nil && !p.c.leftOut(ev) {
				f.from = len(p.out)
				p.out = record.AppendEvent(p.out, ev)
				f.to = len(p.out)
			}
		}
	}
	p.found = append(p.found, f)
}
