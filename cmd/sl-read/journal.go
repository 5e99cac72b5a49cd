package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/alecthomas/kong"
	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/journal"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

// journals are the files and folders of --journal; "" is this machine's.
type journals []string

// IsBool tells kong that the flag stands alone unless a = follows.
func (j *journals) IsBool() bool { return true }

// Decode takes one more over from kong.
func (j *journals) Decode(ctx *kong.DecodeContext) error {
	path := ""
	if ctx.Scan.Peek().Type == kong.FlagValueToken {
		if err := ctx.Scan.PopValueInto("folder or file", &path); err != nil {
			return err
		}
	}
	*j = append(*j, path)
	return nil
}

// files returns the files of all of them. What there is not is reported.
func (j journals) files(first *stage.First) (files []string) {
	for _, path := range j {
		in, err := source.Journals(path)
		if err != nil {
			if path == "" {
				path = "--journal"
			}
			first.Warn(path, 0, err)
		}
		for _, file := range in {
			if !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return files
}

// spoken are the entries that sl-parse can make something of: those of the kernel, of
// its audit and of the bus daemons.
var spoken = []journal.Match{
	{Name: "_TRANSPORT", Value: "kernel"}, {Name: "_TRANSPORT", Value: "audit"}, {Name: "SYSLOG_IDENTIFIER", Value: "dbus"},
	{Name: "SYSLOG_IDENTIFIER", Value: "dbus-daemon"}, {Name: "SYSLOG_IDENTIFIER", Value: "dbus-broker"},
}

// An input is a descriptor that is read at any offset.
type input int

func (fd input) ReadAt(b []byte, offset int64) (n int, err error) {
	for n < len(b) {
		got, err := unix.Pread(int(fd), b[n:], offset+int64(n))
		switch {
		case err == unix.EINTR:
		case err != nil:
			return n, err
		case got == 0:
			return n, io.EOF
		default:
			n += got
		}
	}
	return n, nil
}

// A journalReader passes on the entries of journals, in the order of time.
type journalReader struct {
	s     *stage.Session
	raw   bool
	files []*journalFile
	text  []byte
}

// A journalFile is one of them.
type journalFile struct {
	src  record.Source
	file *journal.File
	told bool   // the source line is written
	last uint64 // the number of the last entry
}

// add adds a file. The machine's own come first: of an entry that is in two files
// it is the first file's that is read.
func (r *journalReader) add(fd int, src record.Source) {
	f := &journalFile{src: src}
	file, err := journal.Open(input(fd))
	if err != nil {
		r.s.Unusable(src.Path, 0, err)
	}
	f.file = file
	if src.Journal == record.JournalOwn {
		r.files = slices.Insert(r.files, len(r.files)-r.others(), f)
	} else {
		r.files = append(r.files, f)
	}
}

func (r *journalReader) others() (n int) {
	for _, f := range r.files {
		if f.src.Journal != record.JournalOwn {
			n++
		}
	}
	return n
}

// read reads all entries that there are.
func (r *journalReader) read() {
	of := map[*journal.File]*journalFile{}
	var files []*journal.File
	for _, f := range r.files {
		if f.file != nil {
			of[f.file] = f
			files = append(files, f.file)
		}
	}
	for e, err := range journal.NewReader(spoken, files...).Entries() {
		var p *journal.Problem
		switch {
		case errors.As(err, &p) && p.Lost:
			r.s.Unusable(of[p.File].src.Path, 0, err)
		case errors.As(err, &p):
			r.s.Say(of[p.File].src.Path + ": " + err.Error())
		default:
			r.pass(e, of[e.File])
		}
		if r.s.Out.Failed() {
			return // finish says it
		}
	}
}

// nothing says it where no entry was for us: that is no denial, or another journal
// than the user thought of.
func (r *journalReader) nothing() {
	entries := uint64(0)
	for _, f := range r.files {
		if f.last > 0 {
			return
		}
		if f.file != nil {
			entries += f.file.Header.Entries
		}
	}
	if len(r.files) > 0 {
		r.s.Say(fmt.Sprintf("--journal: %d entries, none of the kernel, its audit or a bus daemon", entries))
	}
}

// pass passes on an entry.
func (r *journalReader) pass(e *journal.Entry, f *journalFile) {
	r.s.End.In++
	f.last = e.Seqnum
	r.text = journal.AppendExport(r.text[:0], e)
	if r.raw {
		r.s.Out.Put(append(r.s.Out.Buffer(), r.text...), 1)
		return
	}
	if !f.told {
		r.s.Out.Put(record.AppendSource(r.s.Out.Buffer(), &f.src), 1)
		f.told = true
	}
	text := r.text[:len(r.text)-len("\n\n")]
	if len(text) > record.MaxLogLine {
		r.s.Unusable(f.src.Path, e.Seqnum, fmt.Errorf("entry of %d bytes, longer than %d", len(text), record.MaxLogLine))
		return
	}
	r.s.Out.Put(record.AppendRecord(r.s.Out.Buffer(), f.src.ID, e.Seqnum, text), 1)
}

// positions says how far each file was read.
func (r *journalReader) positions() (all []record.Position) {
	for _, f := range r.files {
		all = append(all, record.Position{Path: f.src.Path, Dev: f.src.Dev, Ino: f.src.Ino, Line: f.last})
	}
	return all
}
