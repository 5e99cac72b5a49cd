package main

import (
	"encoding/binary"
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/stage"
)

// The messages of the companion: the index of a name, as a varint, or noName, and
// then nothing, with the descriptor of the file that has the name now, or a text that
// says why there is none.
const (
	noName     = -1
	maxMessage = 8 << 10
)

// lookAgain is how long a change may go unnoticed that the kernel does not tell of:
// one that another machine made to a shared folder.
const lookAgain = time.Second

// gather is how long the companion waits for more of what it was told, so that a
// busy log does not cost a message for each of its lines.
const gather = 5 * time.Millisecond

// watch is the companion: it opens, and reads nothing of what it opens.
func (f *flags) watch(b *stage.Beside) error {
	ended, changed := make(chan struct{}), make(chan struct{}, 1)
	go func() {
		b.Wait()
		close(ended)
	}()
	go tell(b.Inputs[0], changed)
	w := watcher{b: b, user: f.User}
	for i, n := range f.Names {
		w.names = append(w.names, &watched{name: n, index: i, src: f.Sources[i]})
	}
	for {
		select {
		case <-ended:
			return nil
		case <-changed:
			time.Sleep(gather)
		case <-time.After(lookAgain):
		}
		for _, n := range w.names {
			w.look(n)
		}
		// What does not fit is no loss: the messages before it wake the filter as well.
		w.b.Send(message(noName, nil), -1)
	}
}

// tell passes on that something has changed; what it was is looked at anyway.
func tell(inotify int, changed chan<- struct{}) {
	buf := make([]byte, 64<<10)
	for {
		switch n, err := unix.Read(inotify, buf); {
		case err == unix.EINTR:
			continue
		case err != nil || n == 0:
			return // the clock is left
		}
		select {
		case changed <- struct{}{}:
		default:
		}
	}
}

type watcher struct {
	b     *stage.Beside
	names []*watched
	user  uint32 // who started us
}

type watched struct {
	name
	index int
	src   record.Source // of the file that the filter has; Kind is empty for none
	said  string        // the last error
}

func message(index int, text []byte) []byte {
	return append(binary.AppendVarint(nil, int64(index)), text...)
}

// look hands over the file that has the name now, if it is another one than before
// or has been cut. Another one is handed over when something stands in it: until
// then the writer may still be busy with the old one.
func (w *watcher) look(n *watched) {
	fd, err := unix.Openat(w.b.Folders[n.Folder], n.Base, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return // in the middle of a rotation
	}
	var src record.Source
	if err == nil {
		defer unix.Close(fd)
		src, err = n.describe(fd, w.user)
	}
	if err != nil {
		if text := err.Error(); text != n.said && w.b.Send(message(n.index, []byte(text)), -1) == nil {
			n.said = text
		}
		return
	}
	same := src.Dev == n.src.Dev && src.Ino == n.src.Ino
	switch {
	case same && src.Size >= n.src.Size:
		n.src.Size = src.Size
		return
	case !same && n.src.Kind != "" && src.Size == 0:
		return
	}
	if w.b.Send(message(n.index, nil), fd) == nil {
		n.src, n.said = src, ""
	}
}
