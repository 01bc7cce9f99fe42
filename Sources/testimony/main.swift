import Commands

Testimony.run()
