package main

import (
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/scripts/lab/act"
)

// victimWord makes this program one that nothing confines, and that obeys.
const victimWord = "victim"

// beVictim is for the main function of a program that may be called so; it returns
// for the rest of it.
func beVictim() {
	act.Executed(os.Args)
	if len(os.Args) != 2 || os.Args[1] != victimWord {
		return
	}
	runtime.LockOSThread()      // to the first thread: an act that is traced can then be waited for
	time.Sleep(time.Nanosecond) // the Go runtime's poller stands where it stands in a confined program
	act.Obey(act.ReadOrder(), act.Say, func(s *act.Scene) {
		if fd, err := unix.Open(s.Inside, unix.O_RDONLY|unix.O_DIRECTORY, 0); err == nil {
			s.Folder = fd
		}
	})
}
