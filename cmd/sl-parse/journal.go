package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/stage"
)

// entries takes lines of "journalctl -o json".
func (c *classifier) entries(block []byte, first uint64) error {
	if first == 1 {
		if err := notEntry(block); err != nil {
			return err
		}
	}
	c.read(block, first, (*part).entries)
	return nil
}

// entries reads such lines; first is the number of the first.
func (p *part) entries(block []byte, first uint64) {
	p.reset()
	for number := first; len(block) > 0; number++ {
		var line []byte
		line, block, _ = bytes.Cut(block, newline)
		res, err := p.c.parser.ParseJSON(line, &p.entry, &p.ev)
		f := found{Result: res, err: err, file: "-", line: number}
		if err != nil {
			f.text = string(line)
		}
		p.add(f)
	}
}

// notEntry says what to do where the first line is of another format.
func notEntry(block []byte) error {
	hint := "journalctl writes this format with -o json"
	if bytes.HasPrefix(block, []byte("__CURSOR=")) {
		hint = "the journal's export format is read with --export"
	} else if _, ok := record.TypeOf(block); ok {
		hint = "records are read without -J; a file of journalctl's is given as it is: sl-parse -J <FILE"
	} else if block[0] == '{' && !bytes.HasPrefix(block, []byte("{\n")) {
		return nil
	}
	return stage.WithHint(errors.New("standard input:1: no journal entry"), hint)
}

// withJournal is the error of a line of text, with a hint where it is an entry of the
// journal as one of journalctl's formats has it.
func withJournal(err error, line string) error {
	if !strings.HasPrefix(line, "{") || !strings.Contains(line, `"__CURSOR"`) {
		return err
	}
	return stage.WithHint(err, "this is what journalctl -o json prints: sl-parse -J <FILE reads it")
}

// part takes a part of what "journalctl -o export" writes. Entries are numbered
// from 1, for lines do not count in it.
func (c *classifier) part(part []byte) error {
	p := c.parts[0]
	for e := range c.export.Entries(part) {
		c.s.End.In++
		c.s.End.Skipped++
		p.reset()
		res, err := c.parser.ParseEntry(e, &p.ev)
		p.add(found{Result: res, err: err, file: "-", line: c.s.End.In, text: e.Message()})
		c.take(p)
	}
	if err := c.export.Err(); err != nil {
		return stage.WithHint(fmt.Errorf("standard input: entry %d: %w", c.s.End.In+1, err), "journalctl writes this format with -o export")
	}
	return nil
}

// exportEnd reports an entry that the end of the input cut.
func (c *classifier) exportEnd() {
	if c.export.Inside() {
		c.s.End.In++
		c.s.Unusable("-", c.s.End.In, errors.New("the input ends inside this journal entry"))
	}
}
