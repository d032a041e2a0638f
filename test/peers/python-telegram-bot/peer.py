"""A bot on Debian's python-telegram-bot, for test/peers/telegram-peer.ts.

It polls the server it is given and does what it is asked in the chat, or prints how it was refused.
Arguments: URL, token, path of a picture. One line of output for each thing it saw.
"""
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)

from telegram import BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, Filters, MessageHandler, Updater

URL, TOKEN, PICTURE = sys.argv[1:4]


def say(line):
    print(line, flush=True)


def named(error):
    more = getattr(error, "retry_after", getattr(error, "new_chat_id", ""))
    return f"{type(error).__name__} {more} {error}"


def status(update, context):
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Refresh", callback_data="r:1")]])
    update.message.reply_html("<b>RUNNING</b> &amp; well", reply_markup=keys, quote=True)


def pressed(update, context):
    query = update.callback_query
    query.answer("seen", show_alert=True)
    query.edit_message_text(f"refreshed by {query.from_user.first_name}: {query.data}")


def picture(update, context):
    with open(PICTURE, "rb") as file:
        sent = update.message.reply_photo(file, caption="day", disable_notification=True)
    sent.edit_caption("night")


def menu(update, context):
    chat = update.effective_chat.id
    commands = [BotCommand("status", "How it stands")]
    context.bot.set_my_commands(commands, scope=BotCommandScopeChat(chat))
    seen = context.bot.get_my_commands(scope=BotCommandScopeChat(chat))
    say(f"MENU {[each.command for each in seen]}")


def erase(update, context):
    context.bot.delete_message(update.effective_chat.id, update.message.message_id)


def attempt(update, context):
    text = update.message.text.partition(" ")[2]
    try:
        context.bot.send_message(update.effective_chat.id, text, parse_mode="HTML")
        say("SENT")
    except TelegramError as error:
        say(f"REFUSED {named(error)}")


def heard(update, context):
    say(f"HEARD {update.message.text}")


def member(update, context):
    change = update.my_chat_member
    say(f"MEMBER {change.old_chat_member.status} {change.new_chat_member.status}")


def failed(update, context):
    say(f"ERROR {named(context.error)}")


def main():
    updater = Updater(TOKEN, base_url=f"{URL}/bot", use_context=True)
    on = updater.dispatcher
    on.add_handler(CommandHandler("status", status))
    on.add_handler(CommandHandler("picture", picture))
    on.add_handler(CommandHandler("menu", menu))
    on.add_handler(CommandHandler("erase", erase))
    on.add_handler(CommandHandler("try", attempt))
    on.add_handler(CallbackQueryHandler(pressed))
    on.add_handler(ChatMemberHandler(member, ChatMemberHandler.MY_CHAT_MEMBER))
    on.add_handler(MessageHandler(Filters.text, heard))
    on.add_error_handler(failed)
    updater.start_polling(
        poll_interval=0, timeout=2, allowed_updates=["message", "callback_query", "my_chat_member"]
    )
    say(f"READY {updater.bot.username}")
    sys.stdin.read()
    updater.stop()
    say("STOPPED")


main()
